package io.millrace.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.registry.SchemaText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The registry's decisions over a log in memory. */
class RegistryTest {
  private static final String LONG = "\"long\"";
  private static final String STRING = "\"string\"";

  private final MemoryLog log = new MemoryLog();
  private final SchemaStore store = new SchemaStore();
  private final Registry registry = new Registry(store, log);

  /** Writes as told: safely, or with a loss of contact before or after the write. */
  private static final class MemoryLog implements ChangeLog {
    private final List<Change> changes = new ArrayList<>();
    private boolean loseContact;
    private boolean arrives = true;

    @Override
    public List<Change> readAll() {
      return List.copyOf(changes);
    }

    @Override
    public void append(Change change) {
      if (arrives) {
        // As a topic does: through the bytes.
        changes.add(ChangeCodec.decode(ChangeCodec.encode(change)));
      }
      if (loseContact) {
        throw RegistryError.storeTimeout("no answer");
      }
    }
  }

  @Test
  void stateReadBackIsTheStateThatWas() {
    // Given changes of every kind
    registry.setLevel(Optional.empty(), Optional.of(CompatibilityLevel.NONE));
    register("a", LONG);
    register("a", STRING);
    register("b", LONG);
    registry.setLevel(Optional.of("b"), Optional.of(CompatibilityLevel.FULL));
    registry.setMode(Optional.of("c"), Optional.of(Mode.READONLY));
    registry.deleteSubject("b", false);
    register("b", STRING);
    registry.deleteVersion(store.version("a", 1).orElseThrow(), false);
    registry.deleteVersion(store.version("a", 1).orElseThrow(), true);

    // When the log is read by another one
    SchemaStore readBack = new SchemaStore();
    new Registry(readBack, log).load();

    // Then
    assertThat(readBack.all(v -> true)).isEqualTo(store.all(v -> true));
    assertThat(readBack.all(v -> true))
        .extracting(v -> v.subject() + v.version() + "=" + v.id() + v.deleted())
        .containsExactly("a2=2false", "b1=1true", "b2=2false");
    assertThat(readBack.level(Optional.empty())).contains(CompatibilityLevel.NONE);
    // Deleting a subject also drops its own level.
    assertThat(readBack.level(Optional.of("b"))).isEmpty();
    assertThat(readBack.mode(Optional.of("c"))).contains(Mode.READONLY);
    assertThat(readBack.highestId()).isEqualTo(2);
  }

  @Test
  void givesNoIdTwice() {
    register("a", LONG);
    registry.deleteSubject("a", false);
    registry.deleteSubject("a", true);

    assertThat(store.byId(1)).isEmpty();
    assertThat(register("a", STRING)).isEqualTo(2);
    SchemaStore readBack = new SchemaStore();
    Registry next = new Registry(readBack, log);
    next.load();
    assertThat(next.register("z", request(LONG), false)).isEqualTo(3);
  }

  @Test
  void aWriteThatMayHaveArrivedIsLookedForBeforeTheNextOne() {
    register("a", LONG);

    // When contact is lost after the write arrived
    log.loseContact = true;
    assertThatThrownBy(() -> register("b", STRING)).hasMessageContaining("no answer");
    log.loseContact = false;

    // Then the next one sees it
    assertThat(register("c", "\"bytes\"")).isEqualTo(3);
    assertThat(store.version("b", 1)).map(Version::id).contains(2);
  }

  @Test
  void aWriteThatDidNotArriveChangesNothing() {
    log.loseContact = true;
    log.arrives = false;
    assertThatThrownBy(() -> register("b", STRING)).hasMessageContaining("no answer");
    log.loseContact = false;
    log.arrives = true;

    assertThat(register("c", LONG)).isEqualTo(1);
    assertThat(store.version("b", 1)).isEmpty();
  }

  @Test
  void readOnlyHoldsForTheSubjectOrForAll() {
    register("a", LONG);
    registry.setMode(Optional.empty(), Optional.of(Mode.READONLY));
    registry.setMode(Optional.of("a"), Optional.of(Mode.READWRITE));

    assertThat(register("a", LONG)).isEqualTo(1);
    assertThatThrownBy(() -> register("b", LONG)).hasMessageContaining("read-only");

    registry.setMode(Optional.empty(), Optional.of(Mode.READONLY_OVERRIDE));
    assertThatThrownBy(() -> registry.deleteSubject("a", false)).hasMessageContaining("read-only");
  }

  private int register(String subject, String schema) {
    return registry.register(subject, request(schema), false);
  }

  private static SchemaRequest request(String schema) {
    return new SchemaRequest(new SchemaText(schema, List.of()), "AVRO", -1);
  }
}
