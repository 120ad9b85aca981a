package io.millrace.embedded;

import java.nio.file.Path;

/** A process that starts a stack, says where its broker is, and stays until it is killed. */
final class StackHolder {
  private StackHolder() {}

  public static void main(String[] args) throws Exception {
    LocalStack stack = LocalStack.start(Path.of(args[0]));
    System.out.println("broker " + stack.brokerPid() + " " + stack.bootstrapServers());
    Thread.sleep(Long.MAX_VALUE);
  }
}
