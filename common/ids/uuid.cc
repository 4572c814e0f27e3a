#include "common/ids/uuid.h"

#include <sys/random.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "common/status/status.h"

namespace tributary {
namespace {

// 64 random bits of the kernel, fetched for many at once.
uint64_t RandomBits() {
  constexpr size_t kCount = 32;  // 256 bytes, which getrandom gives whole or not at all
  thread_local std::array<uint64_t, kCount> pool;
  thread_local size_t used = kCount;
  if (used == kCount) {
    if (getrandom(pool.data(), sizeof(pool), 0) != static_cast<ssize_t>(sizeof(pool))) {
      std::perror("getrandom");
      std::abort();
    }
    used = 0;
  }
  return pool[used++];
}

constexpr int kCounterBits = 26;  // 12 beside the version and 14 beside the variant
constexpr uint64_t kLastMillisecond = (uint64_t{1} << 48) - 1;

struct Tick {
  uint64_t milliseconds;
  uint64_t counter;
};

// The millisecond and counter of the next id: above those of every id before it, also when the clock goes back. The
// counter of a new millisecond starts at random in its lower half, so 2^25 ids fit before it borrows from the next.
Tick NextTick(uint64_t now_milliseconds) {
  static std::mutex mutex;
  static Tick last = {0, 0};
  const uint64_t start = RandomBits() >> (64 - (kCounterBits - 1));
  std::lock_guard lock(mutex);
  if (now_milliseconds > last.milliseconds) {
    last = {now_milliseconds, start};
  } else if (++last.counter >> kCounterBits != 0) {
    last = {last.milliseconds + 1, start};
  }
  return last;
}

}  // namespace

Uuid Uuid::New(absl::Time now) {
  const int64_t milliseconds = std::clamp<int64_t>(absl::ToUnixMillis(now), 0, kLastMillisecond);
  const Tick tick = NextTick(static_cast<uint64_t>(milliseconds));
  const uint64_t high = tick.milliseconds << 16 | 0x7000 | tick.counter >> 14;
  const uint64_t low = uint64_t{2} << 62 | (tick.counter & 0x3FFF) << 48 | RandomBits() >> 16;
  Uuid id;
  for (int i = 0; i < 8; ++i) {
    id.bytes_[i] = static_cast<uint8_t>(high >> (56 - 8 * i));
    id.bytes_[8 + i] = static_cast<uint8_t>(low >> (56 - 8 * i));
  }
  return id;
}

absl::StatusOr<Uuid> Uuid::Parse(std::string_view text) {
  std::string hex;
  bool good = text.size() == 36;
  for (size_t i = 0; good && i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      good = text[i] == '-';
    } else {
      good = absl::ascii_isxdigit(text[i]);
      hex += text[i];
    }
  }
  if (!good) return InvalidField("", text, "a UUID like 01890a5d-ac96-774b-bcce-b302099a8057");
  return FromBytes(absl::HexStringToBytes(hex));
}

absl::StatusOr<Uuid> Uuid::FromBytes(std::string_view bytes) {
  Uuid id;
  if (bytes.size() != id.bytes_.size())
    return InvalidField("", absl::BytesToHexString(Abseil(bytes.substr(0, 60))), "16 bytes");
  std::memcpy(id.bytes_.data(), bytes.data(), bytes.size());
  return id;
}

std::string Uuid::ToString() const {
  std::string text = absl::BytesToHexString(Abseil(bytes()));
  for (size_t dash : {8, 13, 18, 23}) text.insert(dash, 1, '-');
  return text;
}

}  // namespace tributary
