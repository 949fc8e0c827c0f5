import { EditOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input, Popconfirm, Popover } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../api/client';
import { address } from '../ui/address';
import { Field } from '../ui/bits';
import { FormDialog } from '../ui/FormDialog';
import { Missing } from '../ui/Problem';
import { useUrl } from '../ui/useUrl';
import { type Screen, viewsOf } from './queries';
import { useCan, useMe, useNames } from './session';
import { useWrite } from './useWrite';

type View = Schemas['SavedviewViewBody'];

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
  const names = useNames();
  const [naming, setNaming] = useState<string | null>(null);
  const [renaming, setRenaming] = useState<View>();
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
                  {v.name}{' '}
                  {v.shared && (
                    <span className="chip">
                      {v.memberId === me.memberId
                        ? t('views.shared')
                        : t('views.sharedBy', { name: names.member(v.memberId) })}
                    </span>
                  )}
                </button>
                {(v.memberId === me.memberId || (v.shared && mayEdit)) && (
                  <span>
                    <Button
                      size="small"
                      type="text"
                      icon={<EditOutlined />}
                      aria-label={`${t('views.rename')} ${v.name}`}
                      onClick={() => {
                        setOpen(false);
                        setRenaming(v);
                      }}
                    />
                    <Popconfirm
                      title={t(v.shared ? 'views.dropShared' : 'views.drop', { name: v.name })}
                      okText={t('common.delete')}
                      onConfirm={() => drop.mutate(v.id)}
                    >
                      <Button size="small" type="text" aria-label={`${t('common.delete')} ${v.name}`}>
                        ×
                      </Button>
                    </Popconfirm>
                  </span>
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
      {renaming && <RenameView v={renaming} onClose={() => setRenaming(undefined)} />}
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

function RenameView({ v, onClose }: { v: View; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(v.name);
  const save = useWrite(() => must(api.PATCH('/api/views/{id}', { params: { path: { id: v.id } }, body: { name } })), {
    ...{ done: onClose, stale: [['views']] },
  });
  return (
    <FormDialog
      title={t('views.rename')}
      hint={v.shared ? t('views.renameShared') : undefined}
      ready={!!name.trim()}
      write={save}
      onClose={onClose}
    >
      <Field label={t('views.name')} at="name">
        <Input value={name} onChange={(e) => setName(e.target.value)} maxLength={30} />
      </Field>
    </FormDialog>
  );
}
