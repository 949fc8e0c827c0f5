import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';
import type { outgoingStates } from '../../api/enums.gen';

export type Choice = Schemas['OutgoingChoiceAnswer'];
export type Mail = Schemas['OutgoingSettingAnswer'];
export type Robot = Schemas['OutgoingRobotBody'];
export type Message = Schemas['OutgoingMessageBody'];
export type State = (typeof outgoingStates)[number];

export const outgoingKeys = { all: ['outgoing'] as const, queue: ['outgoing', 'queue'] as const };

export const choiceOf = queryOptions({
  queryKey: [...outgoingKeys.all, 'choice'],
  queryFn: ({ signal }) => must(api.GET('/api/notices/choice', { signal })),
});

const read = (version: number) => ({ header: { 'If-Match': `"${version}"` } });

export const choose = ({ version, email: _, phone: __, mail: ___, robot: ____, mentions: _____, ...body }: Choice) =>
  must(api.PUT('/api/notices/choice', { params: read(version), body }));

export const mailOf = queryOptions({
  queryKey: [...outgoingKeys.all, 'mail'],
  queryFn: ({ signal }) => must(api.GET('/api/outgoing/mail', { signal })),
});

export const setMail = ({ version, hasPassword: _, ownSite: __, ...body }: Mail, password: string) =>
  must(api.PUT('/api/outgoing/mail', { params: read(version), body: password ? { ...body, password } : body }));

/** testMail has a mail go to an address; '' is one's own. */
export const testMail = (to: string) => must(api.POST('/api/outgoing/mail/test', { body: { to } }));

export const robotsOf = queryOptions({
  queryKey: [...outgoingKeys.all, 'robots'],
  queryFn: ({ signal }) => must(api.GET('/api/outgoing/robots', { signal })),
});

const of = (id: string) => ({ params: { path: { id } } });

export const setRobot = (team: string, kind: Robot['kind'], address: string, secret: string) =>
  must(api.PUT('/api/teams/{id}/robot', { ...of(team), body: secret ? { kind, address, secret } : { kind, address } }));
export const removeRobot = (team: string) => must(api.DELETE('/api/teams/{id}/robot', of(team)));
export const testRobot = (team: string) => must(api.POST('/api/teams/{id}/robot/test', of(team)));

/** queueOf are messages in some states, a page of them, the newest first. */
export const queueOf = (state: State, cursor: string) =>
  queryOptions({
    queryKey: [...outgoingKeys.queue, state, cursor],
    queryFn: ({ signal }) =>
      must(
        api.GET('/api/outgoing', { params: { query: { state, limit: 50, ...(cursor ? { cursor } : {}) } }, signal }),
      ),
  });

export const sendAgain = (id: string) => must(api.POST('/api/outgoing/{id}/again', of(id)));
export const withdraw = (id: string) => must(api.POST('/api/outgoing/{id}/withdraw', of(id)));
