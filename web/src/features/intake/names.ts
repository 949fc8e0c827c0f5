const encodings: Record<string, string> = {
  'utf-8': 'UTF-8',
  'utf-8-bom': 'UTF-8',
  'utf-16': 'UTF-16',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  gb18030: 'GB18030',
  gbk: 'GBK',
  big5: 'Big5',
  'windows-1252': 'Windows-1252',
  shift_jis: 'Shift-JIS',
};

/** encodingName is what an encoding is called. */
export const encodingName = (code: string) => encodings[code] ?? code.toUpperCase();

/** separatorName is a separator as it is written on a screen. */
export const separatorName = (s: string) => (s === '\t' ? 'Tab' : s);
