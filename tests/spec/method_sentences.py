"""The sentences of ``method.md`` as patterns: what may be said, and what is read of it."""

NUMBER = r"−?[0-9]+(?:,[0-9]+)?"
NAME = r"[0-9-]+\.[0-9]+"
ITEM = r"[a-z][a-z0-9_.]*"

GAPS = (
    r"Gezählt wird in der Bezugsgruppe, die Fläche für alle\. Ein Indikator fehlt, wo eine "
    r"seiner Anzahlen fehlt, mit dem ersten Grund, der zutrifft: `liegt_nicht_vor`, "
    r"`ausstehend`, `geheim`, `vom_lieferanten_gesperrt`; danach, wo die Fläche nicht "
    r"vorkommt, bei weniger als ([0-9]+) im Nenner \(`nenner_zu_klein`\)\. Wo niemand wohnt, "
    r"steht immer `unbewohnt`\."
)
FORMULA = r"- Berechnung: (?:([0-9]+) × )?\((.+)\) / \((.+)\)"
TERM = r"(− |\+ |^)[^`]+ `([a-z][a-z0-9_]*)`(?: der Bezugsgruppe `([a-z][a-z0-9_]*)`)?(?: |$)"
INTERVALS = (
    rf"Intervalle zum Vertrauensniveau ({NUMBER}) %: Quoten nach Wilson, Dichten nach Byar, "
    r"bei jedem Indikator `\.low` und `\.high`; keines, wo der Zähler größer als der Nenner "
    r"ist \(`nenner_zu_klein`\)\. Register sind Vollzählungen; die Intervalle beschreiben, "
    r"wie weit kleine Zahlen zufällig schwanken\. Bei der Stufe sind `\.low` und `\.high` die "
    r"kleinste und die größte, wenn einer der Indikatoren an ein Ende seines Intervalls rückt "
    r"und alles andere bleibt\."
)

REASONS = (
    r"- `unbewohnt` \(niemand gemeldet\)",
    r"- `ausgenommen` \(von Hand\)",
    r"(?:- `zu_wenige_einwohner` \(insgesamt unter (?P<least>[0-9]+)\))?",
    r"- `liegt_nicht_vor`",
    r"- `ausstehend`",
    r"- `geheim` \(auch vom Lieferanten gesperrt\)",
    r"- sonst der Grund, der beim ersten Indikator ohne Wert steht",
)
VALID = (
    r"Gültig sind die .+, für die (?:die Einwohner\*innen insgesamt \(`residents`\) und )?alle "
    r"Indikatoren der Bezugsgruppe veröffentlicht sind\. Die anderen bleiben ohne Stufe und "
    r"zählen bei Mittel, Streuung, Rang und Anteil nicht mit\. Als Grund steht der erste, der "
    r"zutrifft:"
)
FEW = (
    r"Sind weniger als zwei .+ gültig, bekommt niemand eine Stufe \(`zu_wenige_gebiete`\)\. "
    r"Gerechnet wird ungerundet\. Als gleich gelten Werte, die sich um höchstens ein "
    r"(?P<part>\S+) des größten unterscheiden\."
)
CARRIED = (
    r"Fortschreibung: Steht ein Indikator noch aus, gilt der Wert des vorigen Stichtags, wo "
    r"er veröffentlicht ist, auch der der Stadt; Index, Stufe und alles daneben heißen dann "
    r"geschätzt \(`fortgeschrieben`\)\. (?:Einen früheren Stichtag gibt es dafür nicht|An "
    r"diesem Stichtag steht nichts aus|Er kommt vom \S+ \(Veröffentlichung "
    rf"(?P<name>{NAME})\))\."
)
PARTS = {"Milliardstel": 1e-9, "Billionstel": 1e-12}

PART = (
    rf"`(?P<item>{ITEM})`, Gewicht (?P<weight>{NUMBER})(?P<less>, weniger heißt mehr Bedarf)?"
    rf"(?:, Grenzen (?P<cuts>{NUMBER}(?:; {NUMBER})*))?"
)
STEPS = {
    "z": (
        r"z-Wert = \(Wert − Mitte\) / Standardabweichung, mit umgekehrtem Vorzeichen, wo "
        r"weniger mehr Bedarf heißt, und 0, wo alle Werte gleich sind\. Summe = alle Gewichte "
        r"× z-Werte\. Index = \(Summe − Mitte der Summen\) / Standardabweichung der Summen\. "
        r"Beitrag = Gewicht × z-Wert / Standardabweichung der Summen\. Ist die "
        r"Standardabweichung der Summen höchstens ein (?P<part>\S+) der Summe der Gewichte, "
        r"bekommt niemand eine Stufe \(`keine_streuung`\)\."
    ),
    "points": (
        r"Punkte = Zahl der Grenzen des Indikators, die der Wert überschreitet oder, wo "
        r"weniger mehr Bedarf heißt, unterschreitet; ein Wert auf einer Grenze tut keines von "
        r"beiden\. Beitrag = Gewicht × Punkte\. Summe und Index = alle Beiträge\."
    ),
    "percentile": (
        r"Prozentrang = Zahl der Gebiete mit kleinerem Wert / \(n − 1\) bei n gültigen; 1 "
        r"minus das, wo weniger mehr Bedarf heißt, und 0, wo alle Werte gleich sind\. Summe = "
        r"alle Gewichte × Prozentränge auf (?P<digits>\S+) Stellen, gerundet auf "
        r"(?P<sum_digits>\S+)\. Index = Prozentrang der Summe\. Beitrag = Index, verteilt im "
        r"Verhältnis Gewicht × Prozentrang\. Markiert ist ein Indikator ab dem Prozentrang "
        rf"(?P<flag>{NUMBER})\. Sind alle Summen gleich, bekommt niemand eine Stufe "
        r"\(`keine_streuung`\)\."
    ),
    "exponential": (
        r"R = Rang / n bei n gültigen Gebieten; Rang n hat der höchste Wert oder, wo weniger "
        r"mehr Bedarf heißt, der niedrigste, gleiche Werte teilen den höchsten Rang\. Rangwert "
        rf"= −(?P<factor>{NUMBER}) × ln\(1 − R × \(1 − e\^\(−(?P<top>{NUMBER})/"
        rf"(?P<below>{NUMBER})\)\)\), und 0, wo alle Werte gleich sind\. Beitrag = Gewicht / "
        r"Summe der Gewichte × Rangwert\. Summe und Index = alle Beiträge\. Zehntel = "
        rf"(?P<tenths>{NUMBER}) × Rang des Index / n, aufgerundet; 1 hat den meisten Bedarf\. "
        r"Sind alle Indizes gleich, bekommt niemand eine Stufe \(`keine_streuung`\)\."
    ),
    "scaled": (
        r"Skalenwert = (?P<top>[0-9]+) × \(Wert − kleinster Wert\) / \(größter Wert − "
        r"kleinster Wert\); 100 minus das, wo weniger mehr Bedarf heißt, und 0, wo alle Werte "
        r"gleich sind\. Beitrag = Gewicht / Summe der Gewichte × Skalenwert\. Summe und Index "
        r"= alle Beiträge\. Sind alle Indizes gleich, bekommt niemand eine Stufe "
        r"\(`keine_streuung`\)\."
    ),
}
LIKE = r"Teilindizes: Jeder Teilindex entsteht aus seinen Indikatoren wie sonst der Index"
SHARED = r"Beitrag eines Teilindex = Summe der Beiträge seiner Indikatoren"
ADDED = rf"Summe und Index = alle Beiträge\. {SHARED}"
OVER = {
    "z": (
        rf"{LIKE}; ist die Standardabweichung seiner Summen so klein, dass es keinen gäbe, "
        r"gilt sie als 0 und er ist überall 0\. Summe = alle Gewichte der Teilindizes × "
        r"Teilindizes\. Index = \(Summe − Mitte der Summen\) / Standardabweichung der Summen\. "
        r"Beitrag eines Indikators = Gewicht des Teilindex × Beitrag zum Teilindex / "
        rf"Standardabweichung der Summen\. {SHARED}"
    ),
    "points": (
        rf"{LIKE}\. Beitrag eines Indikators = Gewicht des Teilindex × Beitrag zum Teilindex\. "
        rf"{ADDED}"
    ),
    "percentile": (
        rf"{LIKE}; sind seine Summen gleich, ist er überall 0\. Summe = alle Gewichte der "
        r"Teilindizes × Summen der Teilindizes, gerundet auf (?P<digits>\S+) Stellen\. Index = "
        r"Prozentrang der Summe\. Beitrag eines Indikators = Index, verteilt im Verhältnis "
        rf"Gewicht des Teilindex × Gewicht × Prozentrang\. {SHARED}"
    ),
    "exponential": (
        rf"{LIKE}\. Die Teilindizes bekommen Rangwerte, wie die Rechnung es vom Indikator "
        r"sagt\. Beitrag eines Teilindex = Gewicht / Summe der Gewichte der Teilindizes × sein "
        r"Rangwert, verteilt auf seine Indikatoren im Verhältnis ihrer Beiträge zu ihm\. Summe "
        r"und Index = alle Beiträge"
    ),
    "scaled": (
        rf"{LIKE}\. Beitrag eines Indikators = Gewicht / Summe der Gewichte der Teilindizes × "
        rf"Beitrag zum Teilindex\. {ADDED}"
    ),
}
THEME = (
    rf"Teilindex .+ \(`(?P<item>{ITEM})`\), Gewicht (?P<weight>{NUMBER}): (?P<parts>.+ "
    r"\(.+\))"
)
TIES = (
    r"Gleiche Werte: sie teilen hier den (?P<which>\S+) ihrer Ränge; (?:Prozentrang = "
    r"\(Rang − 1\) / \(n − 1\), Rang 1 hat der kleinste Wert|R = Rang / n wie in der Rechnung)"
)
LACKS = (
    r"Lücken: .+, denen nur Indikatoren fehlen, zählen bei jedem Indikator mit, den sie haben, "
    r"und bei jedem Teilindex, für den sie alle haben; n, Mitte, Standardabweichung und Rang "
    r"sind dort die aller, die ihn haben, und wo er fehlt, steht, warum\. Index und Stufe "
    r"haben die gültigen; bekommt niemand eine, gibt es auch keine Teilindizes und kein `\.z`"
)
WORDS = {"vier": 4.0, "acht": 8.0, "zwölf": 12.0, **PARTS}
CENTRE = (
    r"Mitte: (?:Wert der ganzen (?P<city>Stadt); Mitte der Summen ist 0|Mittel der "
    r".+, die den Indikator haben; Mitte der Summen ist 0|Mittel der gültigen "
    r".+(?:; Mitte der Summen ist ihr Mittel|, nur zur Auskunft))"
)
SPREAD = (
    r"Standardabweichung: (?:(?P<sample>Stichprobe, n − 1)|Grundgesamtheit, n) im Nenner"
    r"(?:, über die gültigen .+|, nur zur Auskunft)"
)
WHAT = (
    r"Mitten und Standardabweichungen der Indikatoren und der Summen(?:, auch der "
    r"Teilindizes)?(?P<cuts>, dazu die Grenzen des Index)?"
)
OWN = rf"Maßstab: der eigene; andere Stichtage richten sich nach ihm \({WHAT}\)"
NAMED = (
    rf"Maßstab: {WHAT} sind die vom \S+ \(Veröffentlichung (?P<name>{NAME})\); fehlt dort "
    r"eine, bekommt niemand eine Stufe \(`bezugswert_fehlt`\)"
)
UNPUBLISHED = (
    rf"Maßstab: {WHAT} wären die vom \S+; er ist nicht veröffentlicht, niemand bekommt eine "
    r"Stufe \(`bezugswert_fehlt`\)"
)
CUTS = (
    rf"Grenzen des Index: (?P<share>Anteile )?(?P<cuts>{NUMBER}(?:; {NUMBER})*)(?:, also der "
    r"jeweils kleinste Index, den mindestens dieser Anteil der gültigen .+ nicht "
    r"überschreitet)?; ein Wert auf der Grenze bleibt darunter"
)
SPAN = (
    r"Veränderung(?: gegenüber dem Stichtag [0-9]+ Jahre vorher)?: (?:die Indikatoren sind "
    r"selbst schon (?P<ready>Veränderungen)|der \S+ ist nicht (?P<none>veröffentlicht), ohne "
    rf"ihn gibt es keine \(`liegt_nicht_vor`\)|Wert minus Wert vom \S+ \(Veröffentlichung "
    rf"(?P<name>{NAME})\)\. Fehlt einer, gibt es keine, mit dem Grund des späteren, sonst des "
    r"früheren\. Wo sich die Grenzen geändert haben, gibt es sie nur mit einem "
    r"Umsteigeschlüssel, der die früheren Anzahlen umrechnet \(sonst `nicht_vergleichbar`\)"
    r"(?:\. Wo damals weniger als (?P<least>[0-9]+) Einwohner\*innen lebten, gibt es sie nicht "
    r"\(`damals_zu_wenige_einwohner`\))?)"
)
DELIVERED = (
    r"Geliefert: Was dieser Stichtag zeigt, wurde vor dem Atlas veröffentlicht und gilt, wie "
    r"es damals war \(`veroeffentlicht`\)\. Die Regel gilt hier nicht: Es gibt keinen Index, "
    r"keinen Rang und keinen Beitrag; wo nichts geliefert ist, steht `liegt_nicht_vor`\. "
    r"Mitten und Streuungen bei der Stadt gelten nur für Stichtage, die sich nach diesem "
    r"richten"
)
