import type { TFunction } from 'i18next';

const others = new Set(['tap', 'role', 'change']);

/** howOf says how somebody was confirmed: by a contact in some channel, or otherwise. */
export const howOf = (t: TFunction, how: string) => (others.has(how) ? t(`confirm.how.${how}`) : t(`channel.${how}`));
