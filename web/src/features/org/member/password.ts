// Read aloud and typed by hand: nothing that looks like another (0 o, 1 l i), and no capitals.
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

// Four times five of 31 are 99 bits; 60 are what a given password must have (docs/decisions/0017-second-factor.md).
const groups = 4;
const each = 5;

/** newPassword makes a password to be given to somebody: "f7kqm-…". Plain HTTP has getRandomValues, too. */
export function newPassword(): string {
  const even = 256 - (256 % alphabet.length); // what lies above would make the first letters likelier
  const letters: string[] = [];
  while (letters.length < groups * each) {
    for (const byte of crypto.getRandomValues(new Uint8Array(groups * each)))
      if (byte < even && letters.length < groups * each) letters.push(alphabet.charAt(byte % alphabet.length));
  }
  return Array.from({ length: groups }, (_, i) => letters.slice(i * each, (i + 1) * each).join('')).join('-');
}
