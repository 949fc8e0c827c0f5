import { loadRelationTexts, loadTieTexts } from '../../app/i18n';
import { later } from '../../ui/later';

/** PeopleThere are the people of a deal: who stands where, as a table and as a picture, and what is missing. */
export const PeopleThere = later(() =>
  Promise.all([import('./PeopleThere'), loadRelationTexts(), loadTieTexts()]).then(([m]) => m.PeopleThere),
);

/** Carriers are who of ours alone knows key people. */
export const Carriers = later(() => Promise.all([import('./Carriers'), loadRelationTexts()]).then(([m]) => m.Carriers));

/** CoverNum stands in the head of a deal. */
export const CoverNum = later(() => import('./CoverNum').then((m) => m.CoverNum));
