import { loadTieTexts } from '../../app/i18n';
import { later } from '../../ui/later';

const withTexts = <T>(load: Promise<T>) => Promise.all([load, loadTieTexts()]).then(([m]) => m);

/** KnownBy stands beside a name: who of us knows him. */
export const KnownBy = later(() => withTexts(import('./KnownBy')).then((m) => m.KnownBy));

/** Asked are who is asked to introduce somebody, or whether he knows him. */
export const Asked = later(() => withTexts(import('./Asked')).then((m) => m.Asked));

/** AskMine asks where one learnt and worked, once. */
export const AskMine = later(() => withTexts(import('./MyBackground')).then((m) => m.AskMine));

/** MyBackground is what one said of it, to change and to withdraw. */
export const MyBackground = later(() => withTexts(import('./MyBackground')).then((m) => m.MyBackground));

/** Ties are those with a contact, and what is known of his life before. */
export const Ties = later(() => withTexts(import('./Ties')).then((m) => m.Ties));

/** OfChange says at a line of the desk who knows the one who follows. */
export const OfChange = later(() => withTexts(import('./OfChange')).then((m) => m.OfChange));
