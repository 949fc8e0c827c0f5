// What a browser does with passkeys. The server says in JSON what is to be signed, and reads JSON.

/** whyNoPasskeys is the code of why passkeys do not work on this page, "" where they do. */
export function whyNoPasskeys(): '' | 'passkeys_need_https' | 'passkeys_need_name' | 'passkeys_unsupported' {
  if (/^\[|^[\d.]+$/.test(location.hostname)) return 'passkeys_need_name';
  if (!isSecureContext) return 'passkeys_need_https';
  const known = typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
  return known ? '' : 'passkeys_unsupported';
}

/** PasskeyRefused is that nobody unlocked a passkey, or there is none: the browser does not tell which. */
export class PasskeyRefused extends Error {}

async function asked(what: Promise<Credential | null>): Promise<string> {
  const credential = await what.catch((e: unknown) => {
    throw new PasskeyRefused(String(e));
  });
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyRefused('none');
  return JSON.stringify(credential.toJSON());
}

/** makePasskey has the browser make one, as the server asks for it. */
export const makePasskey = (options: string) =>
  asked(
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options)),
    }),
  );

/** showPasskey has the browser sign with one. */
export const showPasskey = (options: string) =>
  asked(navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options)) }));
