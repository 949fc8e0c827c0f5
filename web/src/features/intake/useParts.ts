import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, must, type Schemas, uploadTold } from '../../api/client';
import { tooLarge } from '../../ui/limits';
import { keepFit, keyOf, type Looked, type Part, partOf } from './mapping';

export type Sending = { name: string; size: number; share: number };

const kept = ['import-draft'];

/**
 * useParts holds what is being prepared: the files that were sent, and what was said of them. Who leaves the page and
 * comes back finds it.
 */
export function useParts(most: number | undefined) {
  const query = useQueryClient();
  const [parts, setParts] = useState<Part[]>(() => query.getQueryData<Part[]>(kept) ?? []);
  const [sending, setSending] = useState<Sending | null>(null);
  const [refused, setRefused] = useState<{ name: string; error: unknown }[]>([]);
  const [looking, setLooking] = useState<Record<string, 'busy' | { error: unknown }>>({});
  const put = (change: (old: Part[]) => Part[]) =>
    setParts((old) => {
      const next = change(old);
      query.setQueryDefaults(kept, { gcTime: Number.POSITIVE_INFINITY });
      query.setQueryData(kept, next);
      return next;
    });

  const send = async (f: File) => {
    const large = tooLarge(f, most);
    if (large) throw large;
    const u = await uploadTold<Schemas['IntakeUploadBody']>(
      `/api/imports/files?name=${encodeURIComponent(f.name)}`,
      f,
      (share) => setSending({ name: f.name, size: f.size, share }),
    );
    const first = partOf(u.id, u.name, u.preview, {});
    put((old) => [...old.filter((x) => x.name !== u.name), first]);
    // A sheet for each month, or for each person: they are read together.
    for (const s of u.preview.sheets.filter((x) => x.alike)) await sheet(first, s.name, true);
  };
  const take = async (files: File[]) => {
    setRefused([]);
    for (const f of files) {
      setSending({ name: f.name, size: f.size, share: 0 });
      // One that is refused does not keep the others back.
      await send(f).catch((error) => setRefused((old) => [...old, { name: f.name, error }]));
    }
    setSending(null);
  };

  const ask = (p: Part, as: Looked) =>
    must(
      api.POST('/api/imports/files/{id}/preview', {
        params: { path: { id: p.upload } },
        body: { name: p.name, ...as },
      }),
    );
  const during = async (p: Part, work: () => Promise<void>) => {
    setLooking((old) => ({ ...old, [keyOf(p)]: 'busy' }));
    const error = await work().then(
      () => undefined,
      (e: unknown) => ({ error: e }),
    );
    setLooking(({ [keyOf(p)]: _, ...rest }) => (error ? { ...rest, [keyOf(p)]: error } : rest));
  };
  const look = (p: Part, as: Looked) =>
    during(p, async () => {
      const sheet = as.sheet ?? (p.preview.sheets.length > 1 ? p.preview.format.sheet : undefined);
      const said = { ...as, sheet };
      const preview = await ask(p, said);
      put((old) => old.map((x) => (keyOf(x) === keyOf(p) ? keepFit(x, preview, said) : x)));
    });
  const sheet = (p: Part, name: string, on: boolean) =>
    during(p, async () => {
      if (!on) {
        put((old) => old.filter((x) => x.upload !== p.upload || x.preview.format.sheet !== name));
        return;
      }
      const preview = await ask(p, { sheet: name });
      put((old) => {
        const at = old.findLastIndex((x) => x.upload === p.upload);
        return [...old.slice(0, at + 1), partOf(p.upload, p.name, preview, { sheet: name }), ...old.slice(at + 1)];
      });
    });
  return {
    parts,
    sending,
    refused,
    looking: (p: Part) => looking[keyOf(p)],
    take,
    look,
    sheet,
    change: (p: Part) => put((old) => old.map((x) => (keyOf(x) === keyOf(p) ? p : x))),
    remove: (p: Part) => put((old) => old.filter((x) => keyOf(x) !== keyOf(p))),
    clear: () => put(() => []),
    /** What has come in is not prepared again by who comes back to the page. */
    forget: () => query.setQueryData(kept, []),
  };
}
