import { loadCompetitorTexts } from '../../app/i18n';
import { later } from '../../ui/later';

/** Rivals are the competitors on a deal, or at a customer; they come with what they say. */
export const Rivals = later(() => Promise.all([import('./Rivals'), loadCompetitorTexts()]).then(([m]) => m.Rivals));

/** CameFrom says beside a person that he came from a competitor. */
export const CameFrom = later(() =>
  Promise.all([import('./CameFrom'), loadCompetitorTexts()]).then(([m]) => m.CameFrom),
);
