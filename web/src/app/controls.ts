// Which of the page's colours (ui/base.css) the component library's controls take.
const taken = {
  colorPrimary: '--control',
  colorError: '--control-bad',
  colorWarning: '--control-warn',
  colorSuccess: '--control-good',
  colorTextPlaceholder: '--ink3',
  colorBgContainer: '--control-field',
  colorBgLayout: '--line2',
  colorBgElevated: '--control-raised',
  colorTextLightSolid: '--control-on',
};

/** controlColours are those of the theme that shows; what it does not name is the library's own. */
export function controlColours(): Partial<Record<keyof typeof taken, string>> {
  const style = getComputedStyle(document.documentElement);
  const read = Object.entries(taken).map(([token, name]) => [token, style.getPropertyValue(name).trim()]);
  return Object.fromEntries(read.filter(([, colour]) => colour));
}
