import type { Query } from '../../ui/address';

/** Cleaning is a list of deals that is cleared in place: what it is called, and its filter. */
export type Cleaning = { title: string; filter: Query };
