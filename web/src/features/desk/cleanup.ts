import type { Query } from '../../ui/address';
import { type CureOf, cures } from './cures';

/** Cleaning is a list of deals that is cleared in place: what it is called, and its filter. */
export type Cleaning = { title: string; filter: Query };

/** cureOf is what a list asks of each of its deals; undefined where there is more than one way. */
export const cureOf = (c: Cleaning) => (Object.keys(cures) as CureOf[]).find((check) => c.filter[check] === 'true');
