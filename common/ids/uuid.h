#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tributary {

// A UUID. New ones are version 7 (RFC 9562): milliseconds, then a counter and random bits, so that ids made by one
// process increase.
class Uuid {
 public:
  Uuid() = default;
  static Uuid New(absl::Time now);
  static absl::StatusOr<Uuid> Parse(std::string_view text);       // canonical form, any case
  static absl::StatusOr<Uuid> FromBytes(std::string_view bytes);  // 16 bytes
  std::string ToString() const;                                   // canonical, lower case
  std::string_view bytes() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }
  friend auto operator<=>(const Uuid&, const Uuid&) = default;

 private:
  std::array<uint8_t, 16> bytes_{};
};

}  // namespace tributary
