import './ui/base.css';
import './ui/measures.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { base } from './api/base';
import { ApiError } from './api/client';
import { Gate } from './app/Gate';
import { ready } from './app/i18n';

const query = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (n, err) => n < 1 && !(err instanceof ApiError && err.problem.code !== 'network'),
      staleTime: 5_000,
    },
  },
});

await ready;
const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={query}>
        <BrowserRouter basename={base || '/'}>
          <Gate />
        </BrowserRouter>
      </QueryClientProvider>
    </StrictMode>,
  );
