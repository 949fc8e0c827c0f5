// Why the sign-in page is shown to who did not ask for it. It outlives the page that is left, and is said once.

export type Farewell = 'ended' | 'passwordChanged';

export const leaveWord = (why: Farewell) => sessionStorage.setItem('yunchou.farewell', why);
export const wordLeft = () => sessionStorage.getItem('yunchou.farewell') as Farewell | null;
export const forgetWord = () => sessionStorage.removeItem('yunchou.farewell');
