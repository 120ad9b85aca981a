package io.millrace.lake.verify;

/** Placeholder until DeltaTable.ledgerDomain has landed. */
final class LedgerDomain {
  private LedgerDomain() {}

  static String of(String stream) {
    return "millrace.ledger." + stream;
  }
}
