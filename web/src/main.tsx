import './ui/base.css';
import './ui/measures.css';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError, away, over } from './api/client';
import { watch } from './app/again';
import { Boundary } from './app/Broken';
import { returning } from './app/device';
import { parting } from './app/farewell';
import { Gate, loadFirst } from './app/Gate';
import { ready } from './app/i18n';
import { chosenMode, showMode } from './app/theme';

// What was shown to somebody whose session has ended goes, and the same page asks who it is. A form he was writing in
// waits out of sight until he is back.
const query: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (err) => {
      lookAgain(err);
      if (over(err) && query.getQueryData(['session'])) parting();
    },
  }),
  mutationCache: new MutationCache({
    onError: (err) => {
      if (over(err) && query.getQueryData(['session'])) parting(true);
    },
  }),
  defaultOptions: {
    // Without a network an answer is that there is none: what waits for one says nothing.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      retry: (n, err) => n < 1 && (away(err) || !(err instanceof ApiError)),
      staleTime: 5_000,
    },
  },
});
const lookAgain = watch(query);

/** begin shows the page once it can be shown whole. No await stands outside: the parts it waits for import this file. */
async function begin(root: HTMLElement) {
  // What could not be loaded is asked for again where it is shown, and missed there.
  await Promise.all([ready, returning() ? loadFirst().catch(() => {}) : undefined]);
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={query}>
        <Boundary>
          <Gate />
        </Boundary>
      </QueryClientProvider>
    </StrictMode>,
  );
}

showMode(chosenMode());
const root = document.getElementById('root');
if (root) void begin(root);
