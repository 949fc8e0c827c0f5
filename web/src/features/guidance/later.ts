import { loadGuidanceTexts } from '../../app/i18n';
import { later } from '../../ui/later';

/** withTexts has a part there together with what it says. They come as one file, and one of a page has all of them. */
const withTexts = <P extends object>(part: (all: typeof import('./Guidance')) => React.ComponentType<P>) =>
  later(() => Promise.all([import('./Guidance'), loadGuidanceTexts()]).then(([all]) => part(all)));

export const Guidance = withTexts((all) => all.Guidance);
export const AskWhy = withTexts((all) => all.AskDialog);
export const Behind = withTexts((all) => all.Behind);
export const Ways = withTexts((all) => all.Ways);
