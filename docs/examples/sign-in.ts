/** How your page is registered with the issuer. */
export interface SignIn {
  /** The issuer's two endpoints, from `<issuer>/.well-known/openid-configuration`. */
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  /** The page that the issuer sends users back to, as registered with it. */
  readonly redirectUri: string;
  /** Further parameters: the scopes that the gateway needs, and whatever makes your issuer put AUTH_JWT_AUDIENCE into tokens. */
  readonly parameters: Readonly<Record<string, string>>;
}

const toBase64Url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const randomText = () => toBase64Url(crypto.getRandomValues(new Uint8Array(32)));

/** Where to send the user: `location.assign(await signInUrl(...))`. `storage` is the page's sessionStorage. */
export async function signInUrl(signIn: SignIn, storage: Storage): Promise<string> {
  const [state, verifier] = [randomText(), randomText()];
  storage.setItem('sign-in', JSON.stringify({ state, verifier }));
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const url = new URL(signIn.authorizationEndpoint);
  url.search = new URLSearchParams({
    ...signIn.parameters,
    response_type: 'code',
    client_id: signIn.clientId,
    redirect_uri: signIn.redirectUri,
    state,
    code_challenge: toBase64Url(new Uint8Array(hash)),
    code_challenge_method: 'S256',
  }).toString();
  return url.href;
}

/** The token, once the issuer has sent the user back to `url`. Keep it in a variable, not in localStorage. */
export async function finishSignIn(signIn: SignIn, url: string, storage: Storage): Promise<string> {
  const { state, verifier } = JSON.parse(storage.getItem('sign-in') ?? '{}');
  storage.removeItem('sign-in');
  const answer = new URL(url).searchParams;
  if (typeof state !== 'string' || answer.get('state') !== state)
    throw new Error('This sign-in was not begun here.');
  const code = answer.get('code');
  if (code === null) throw new Error(`The issuer refused: ${answer.get('error')}`);
  const response = await fetch(signIn.tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: signIn.clientId,
      redirect_uri: signIn.redirectUri,
      code,
      code_verifier: verifier,
    }),
  });
  if (!response.ok) throw new Error(`The issuer answered HTTP ${response.status}.`);
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}
