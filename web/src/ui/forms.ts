import { useEffect } from 'react';

// The forms that are open over the page.
let open = 0;

/** useForm says that a form is open over the page, which may have been written in. */
export const useForm = () =>
  useEffect(() => {
    open++;
    return () => {
      open--;
    };
  }, []);

export const anyForm = () => open > 0;
