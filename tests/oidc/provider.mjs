// A real identity provider on loopback, with people, groups and faults that a test chooses.
//   node provider.mjs MODULES PORT CLIENTS
// MODULES: directory in which oidc-provider is installed; CLIENTS: JSON list of clients.
// POST /test: {"people": {...}, "next": "anna", "fault": {...}}; GET /test: what was asked.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { generateKeyPairSync } from "node:crypto";

const [modules, port, clients] = process.argv.slice(2);
const at = createRequire(`${modules}/package.json`);
const { Provider } = await import(pathToFileURL(at.resolve("oidc-provider")).href);
const jose = await import(pathToFileURL(createRequire(at.resolve("oidc-provider")).resolve("jose")).href);
const issuer = `http://127.0.0.1:${port}`;
const test = { people: {}, next: "", fault: {} };
let asked = 0;

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...pair.privateKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" };

const provider = new Provider(issuer, {
  clients: JSON.parse(clients).map((one) => ({
    grant_types: ["authorization_code", "refresh_token"],
    backchannel_logout_session_required: true,
    ...one,
  })),
  jwks: { keys: [key] },
  cookies: { keys: ["a key of the tests"] },
  claims: { openid: ["sub", "sid"], profile: ["name", "groups"] },
  conformIdTokenClaims: false,
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: leave },
  },
  fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }),
  pkce: { required: () => true },
  ttl: { AccessToken: 300, IdToken: 300, RefreshToken: 3600, Session: 3600, Grant: 3600, Interaction: 600 },
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  async findAccount(_, sub) {
    const person = test.people[sub];
    if (!person || person.revoked) return undefined;
    return { accountId: sub, claims: () => ({ sub, name: person.name, groups: person.groups }) };
  },
  async loadExistingGrant(ctx) {
    const grant = new provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope("openid profile offline_access");
    await grant.save();
    return grant;
  },
});

async function leave(ctx, form) {
  ctx.body = `<!doctype html><title>x</title>${form}<button form="op.logoutForm" name="logout" value="yes">ok</button>`;
}

// What the provider would never do: other claims, another key.
async function spoiled(text) {
  const answer = JSON.parse(text);
  if (!answer.id_token) return text;
  const claims = { ...jose.decodeJwt(answer.id_token), ...(test.fault.claims ?? {}) };
  const secret = test.fault.isForged ? other.privateKey : pair.privateKey;
  answer.id_token = test.fault.isUnsigned
    ? `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`
    : await new jose.SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "one" }).sign(secret);
  return JSON.stringify(answer);
}

const handle = provider.callback();

function withFault(response) {
  const [write, end, chunks] = [response.write, response.end, []];
  response.write = (part) => chunks.push(Buffer.from(part));
  response.end = async (part) => {
    if (part) chunks.push(Buffer.from(part));
    const body = await spoiled(Buffer.concat(chunks).toString());
    response.setHeader("content-length", Buffer.byteLength(body));
    [response.write, response.end] = [write, end];
    response.end(body);
  };
}

createServer(async (request, response) => {
  const path = request.url.split("?")[0];
  if (path === "/test") {
    let body = "";
    for await (const part of request) body += part;
    if (body) Object.assign(test, JSON.parse(body));
    response.end(JSON.stringify({ asked }));
  } else if (path.startsWith("/interaction/")) {
    const login = request.headers["x-person"] ?? test.next;
    await provider.interactionFinished(request, response, { login: { accountId: login } });
  } else {
    if (path === "/token") {
      asked += 1;
      if (test.fault.isDown) return response.destroy();
      if (test.fault.claims || test.fault.isForged || test.fault.isUnsigned) withFault(response);
    } else if (test.fault.isDown) return response.destroy();
    handle(request, response);
  }
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
