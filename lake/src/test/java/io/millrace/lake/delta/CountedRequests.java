package io.millrace.lake.delta;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Sees every request that S3A sends; made by S3A, by reflection. */
public final class CountedRequests implements ExecutionInterceptor {
  private static final Collection<String> SENT = new ConcurrentLinkedQueue<>();

  @Override
  public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes given) {
    SdkRequest request = context.request();
    SENT.add(
        request.getClass().getSimpleName().replaceAll("Request$", "")
            + " "
            + request
                .getValueForField("Key", String.class)
                .or(() -> request.getValueForField("Prefix", String.class))
                .orElse(""));
  }

  static void clear() {
    SENT.clear();
  }

  /** Each as the operation's name and the key. */
  static List<String> sent() {
    return List.copyOf(SENT);
  }
}
