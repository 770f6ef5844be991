/**
 * Who may call a route. Both decorators write under one key, so the one closest to the route decides: a public
 * controller does not open a method that asks for a scope.
 */
export type Access = { readonly isPublic: true } | { readonly isPublic: false; readonly scope: string };

export const ACCESS = 'auth:access';
