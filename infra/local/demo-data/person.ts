/** Somebody as the sources know them, before each source spells them in its own way. */
export interface Person {
  /** Of the CRM. Absent: a guest, or somebody who only collects points. */
  customerId?: string;
  firstName: string;
  lastName: string;
  /** `1985-07-24` */
  birthday?: string;
  city?: string;
  /** International: `+4930901820`. */
  phone?: string;
  /** The address that the CRM has. */
  email?: string;
  orders: { count: number; email?: string };
  /** Orders that name no customer, only this address. */
  guestOrders?: { count: number; email?: string };
  visits: { count: number; emails: string[]; signedIn: boolean };
  loyalty?: { loyaltyId: string; email?: string; namesCustomer: boolean };
}
