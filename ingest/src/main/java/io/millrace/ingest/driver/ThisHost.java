package io.millrace.ingest.driver;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this machine is called. */
final class ThisHost {
  private ThisHost() {}

  /** Its host name; "unknown" where it has none that resolves. */
  static String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
