import { loadGuidanceTexts } from '../../app/i18n';
import { later } from '../../ui/later';

/** withTexts has a part there together with what it says. */
const withTexts = <P extends object>(part: Promise<React.ComponentType<P>>) =>
  Promise.all([part, loadGuidanceTexts()]).then(([it]) => it);

export const Guidance = later(() => withTexts(import('./Guidance').then((m) => m.Guidance)));
export const Ways = later(() => withTexts(import('./Ways').then((m) => m.Ways)));
export const AskDialog = later(() => withTexts(import('./AskDialog').then((m) => m.AskDialog)));
