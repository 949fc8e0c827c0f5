import { loadChangeTexts } from '../../app/i18n';
import { later } from '../../ui/later';

/** ChangeDialog tells that somebody changed; it comes with what it says. */
export const ChangeDialog = later(() =>
  Promise.all([import('./ChangeDialog'), loadChangeTexts()]).then(([m]) => m.ChangeDialog),
);

/** AskedAfter are the questions themselves; they come with what they say. */
export const AskedAfter = later(() =>
  Promise.all([import('./AskedAfter'), loadChangeTexts()]).then(([m]) => m.AskedAfter),
);

/** Confirmed is when a key person was last confirmed. */
export const Confirmed = later(() =>
  Promise.all([import('./Confirmed'), loadChangeTexts()]).then(([m]) => m.Confirmed),
);

/** Changes are those of a record that are open. */
export const Changes = later(() => Promise.all([import('./Changes'), loadChangeTexts()]).then(([m]) => m.Changes));

/** Doubted says whether a suspected change is so. */
export const Doubted = later(() => Promise.all([import('./Doubted'), loadChangeTexts()]).then(([m]) => m.Doubted));

/** Follows says who follows somebody who went. */
export const Follows = later(() =>
  Promise.all([import('./FollowsDialog'), loadChangeTexts()]).then(([m]) => m.Follows),
);

/** Proposed are those an import proposed. */
export const Proposed = later(() => Promise.all([import('./Proposed'), loadChangeTexts()]).then(([m]) => m.Proposed));
