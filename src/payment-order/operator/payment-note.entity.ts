import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { PaymentOrderEntity } from '../order/payment-order.entity.js';
import type { PaymentId } from '../order/ids.js';

/** What an operator wrote about a payment; append-only, apart from how its text is kept. */
@Entity('payment_note')
@Unique('payment_note_uq', ['noteId'])
@Check('payment_note_hash_ck', `octet_length(text_hash) = 32`)
@Check('payment_note_body_ck', `octet_length(body) <= 836`)
@Index('payment_note_payment_ix', ['paymentId', 'sequence'])
@ForeignKey(() => PaymentOrderEntity, ['paymentId'], ['paymentId'], { name: 'payment_note_payment_fk' })
export class PaymentNoteEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'payment_note_pk',
  })
  readonly sequence!: string;

  /** Made by whoever writes it, so that a repetition is known as one. */
  @Column('uuid', { name: 'note_id' })
  readonly noteId!: string;

  @Column('uuid', { name: 'payment_id' })
  readonly paymentId!: PaymentId;

  @Column('timestamptz')
  readonly at!: Date;

  @Column('text')
  readonly actor!: string;

  /** The name of the token. */
  @Column('text')
  readonly application!: string;

  /** Present when the token was made for one person. */
  @Column('text', { nullable: true })
  readonly person!: string | null;

  /** Keyed; it stays when the text is erased. */
  @Column('bytea', { name: 'text_hash' })
  readonly textHash!: Buffer;

  /** The text, sealed; empty once it was erased. */
  @Column('bytea')
  readonly body!: Buffer;

  /** The row before it, and what covers both: filled in by the table itself. */
  @Column('bigint', { name: 'previous_id', nullable: true })
  readonly previousId!: string | null;

  @Column('bytea', { nullable: true })
  readonly digest!: Buffer | null;
}
