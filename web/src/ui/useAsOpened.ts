import { useState } from 'react';

/**
 * useAsOpened holds a record as it was when its form was opened. The page behind reads it again, when the window comes
 * back to the front for one; a form that took the new version would overwrite unseen what another wrote meanwhile.
 */
export function useAsOpened<T>(record: T): T {
  return useState(record)[0];
}
