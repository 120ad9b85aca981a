package io.millrace.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssl.keystore.password",
        "ssl.key.password",
        "ssl.keystore.key",
        "sasl.jaas.config",
        "basic.auth.user.info",
        "bearer.auth.token",
        "fs.s3a.secret.key",
        "fs.s3a.access.key",
        "fs.s3a.session.token",
        "fs.azure.account.key.store.dfs.core.windows.net",
        "spark.hadoop.fs.s3a.secret.key",
        "sasl.oauthbearer.client.credentials.client.secret"
      })
  void hidesWhatIsSecretByName(String key) {
    assertThat(Secrets.shown(key, "x")).isEqualTo(Secrets.HIDDEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bootstrap.servers",
        "security.protocol",
        "ssl.keystore.location",
        "fs.s3a.endpoint",
        "spark.master",
        "key"
      })
  void showsWhatIsNot(String key) {
    assertThat(Secrets.shown(key, "x")).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://user:pass@registry:8081", "https://token@registry:8081"})
  void hidesTheUserPartOfAnAddress(String url) {
    assertThat(Secrets.shown("url", url)).endsWith("//****@registry:8081");
  }
}
