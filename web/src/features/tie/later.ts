import { loadTieTexts } from '../../app/i18n';
import { later } from '../../ui/later';

// What stands beside a name and at the desk is one file, what opens from it another.
const near = () => Promise.all([import('./near'), loadTieTexts()]).then(([m]) => m);
const far = () => Promise.all([import('./far'), loadTieTexts()]).then(([m]) => m);

/** KnownBy stands beside a name: who of us knows him. */
export const KnownBy = later(() => near().then((m) => m.KnownBy));

/** Asked are who is asked to introduce somebody, or whether he knows him. */
export const Asked = later(() => near().then((m) => m.Asked));

/** AskMine asks where one learnt and worked, once. */
export const AskMine = later(() => near().then((m) => m.AskMine));

/** AnswerDialog is one thing a colleague asks, or what came of one's own, as a notice leads to it. */
export const AnswerDialog = later(() => near().then((m) => m.AnswerDialog));

/** Sheet is everybody who knows somebody, each a tap from being asked. */
export const Sheet = later(() => far().then((m) => m.Sheet));

/** MineDialog takes where one learnt and worked. */
export const MineDialog = later(() => far().then((m) => m.MineDialog));

/** MyBackground is what one said of it, to change and to withdraw. */
export const MyBackground = later(() => far().then((m) => m.MyBackground));

/** Between are how a customer's people stand to each other. */
export const Between = later(() => far().then((m) => m.Between));

/** Ties are those with a contact, and what is known of his life before. */
export const Ties = later(() => far().then((m) => m.Ties));
