import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input, Popconfirm, Popover } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../api/client';
import { address } from '../ui/address';
import { Field } from '../ui/bits';
import { FormDialog } from '../ui/FormDialog';
import { Missing } from '../ui/Problem';
import { useUrl } from '../ui/useUrl';
import { type Screen, viewsOf } from './queries';
import { useCan, useMe } from './session';
import { useWrite } from './useWrite';

const normal = (query: string) => {
  const p = new URLSearchParams(query);
  p.sort();
  return p.toString();
};

/** Another screen whose views are offered too, each asked as this screen asks. */
interface Also {
  screen: Screen;
  as: (query: string) => string;
}

/** SavedViews opens, keeps and drops named questions to a screen. */
export function SavedViews({ screen, also }: { screen: Screen; also?: Also }) {
  const { t } = useTranslation();
  const me = useMe();
  const url = useUrl();
  const mayEdit = useCan('settings.edit');
  const [open, setOpen] = useState(false);
  const [naming, setNaming] = useState<string | null>(null);
  const views = useQuery(viewsOf(screen));
  const others = useQuery({ ...viewsOf(also?.screen ?? screen), enabled: !!also });
  const offered = [
    ...(views.data ?? []),
    ...(also ? (others.data ?? []).map((v) => ({ ...v, query: also.as(v.query) })) : []),
  ];
  const now = normal(url.params.toString());
  const current = offered.find((v) => normal(v.query) === now);
  const drop = useWrite((id: string) => must(api.DELETE('/api/views/{id}', { params: { path: { id } } })), {
    ...{ told: true, stale: [['views']] },
  });
  return (
    <>
      <Popover
        trigger="click"
        placement="bottomLeft"
        open={open}
        onOpenChange={setOpen}
        content={
          <div className="w-220-320">
            {!views.data && <Missing of={views} />}
            {also && others.isError && <Missing of={others} />}
            {views.data && offered.length === 0 && <p className="ink2">{t('views.none')}</p>}
            {offered.map((v) => (
              <div className="kv py-4" key={v.id}>
                <button
                  type="button"
                  className="open"
                  aria-current={v.id === current?.id}
                  onClick={() => {
                    url.replace(v.query);
                    setOpen(false);
                  }}
                >
                  {v.name} {v.shared && <span className="chip">{t('views.shared')}</span>}
                </button>
                {(v.memberId === me.memberId || mayEdit) && (
                  <Popconfirm
                    title={t(v.shared ? 'views.dropShared' : 'views.drop', { name: v.name })}
                    okText={t('common.delete')}
                    onConfirm={() => drop.mutate(v.id)}
                  >
                    <Button size="small" type="text" aria-label={`${t('common.delete')} ${v.name}`}>
                      ×
                    </Button>
                  </Popconfirm>
                )}
              </div>
            ))}
            <Button
              block
              disabled={!now || !!current}
              onClick={() => {
                setOpen(false);
                setNaming(normal(address().toString()));
              }}
            >
              {t('views.save')}
            </Button>
          </div>
        }
      >
        <Button>{current ? current.name : t('views.title')} ▾</Button>
      </Popover>
      {naming !== null && <SaveView screen={screen} query={naming} onClose={() => setNaming(null)} />}
    </>
  );
}

function SaveView({ screen, query, onClose }: { screen: Screen; query: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const save = useWrite(
    (_, key) => must(api.POST('/api/views', { body: { id: key(), screen, name, query, shared } })),
    { done: onClose, stale: [['views']] },
  );
  return (
    <FormDialog title={t('views.save')} ready={!!name.trim()} write={save} onClose={onClose}>
      <Field label={t('views.name')} at="name">
        <Input value={name} onChange={(e) => setName(e.target.value)} maxLength={30} />
      </Field>
      <Checkbox checked={shared} onChange={(e) => setShared(e.target.checked)}>
        {t('views.share')}
      </Checkbox>
    </FormDialog>
  );
}
