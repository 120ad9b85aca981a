package io.millrace.embedded;

/** The signals that a terminal sends to every process started from it. */
final class TerminalSignals {
  private TerminalSignals() {}

  /**
   * Ignores Ctrl-C and the terminal's end in this process. When it stops is for another one to say.
   *
   * <p>Java has no API for signals; every JDK has this class, in the module jdk.unsupported.
   */
  static void ignore() throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object ignore = handler.getField("SIG_IGN").get(null);
    for (String name : new String[] {"INT", "HUP"}) {
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), ignore);
    }
  }
}
