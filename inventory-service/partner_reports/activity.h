#pragma once

// What a row of a partner's report tells of. The numbers are stored and are those of the wire.

#include <cstdint>
#include <optional>
#include <string_view>

namespace tributary::inventory {

// Sold, adjusted and on hand become facts: what the partner wrote off or found is a sell-through line of activity
// ADJUSTMENT, whose quantity is what its stock gained. (A count of ours that holds is not moved by it: it takes less of
// the difference upon itself.) The others stand as rows that can be listed and make none, because somebody nearer to it
// states the same as a fact, or because it is no fact of the past:
//   received      the vendor's shipment and the partner's receipt are documents of their own
//   out of stock  demand that was not met; no units moved
//   on order      an intention; the order is a document of its own
//   transferred   moves stock of two partners, and only inside the territory rules; a transfer is stated as one
//   other         goods that went back to the vendor, were scrapped or given away, and codes without a meaning of ours:
//                 what they change is stated by the document that orders it
enum class Activity : int {
  kSellThrough = 1,
  kOnHand = 2,
  kReceived = 3,
  kOutOfStock = 4,
  kOnOrder = 5,
  kAdjusted = 6,
  kTransferred = 7,
  kOther = 8,
};
inline constexpr Activity kActivities[] = {Activity::kSellThrough, Activity::kOnHand,  Activity::kReceived,
                                           Activity::kOutOfStock,  Activity::kOnOrder, Activity::kAdjusted,
                                           Activity::kTransferred, Activity::kOther};

// "SELL_THROUGH".
std::string_view NameOf(Activity activity);

// A set of activities.
class Activities {
 public:
  constexpr Activities() = default;
  static constexpr Activities Of(Activity one) { return FromBits(1u << static_cast<int>(one)); }
  static constexpr Activities FromBits(uint32_t bits) {
    Activities out;
    out.bits_ = bits;
    return out;
  }
  static Activities All();
  constexpr uint32_t bits() const { return bits_; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool Contains(Activity one) const { return (bits_ & Of(one).bits_) != 0; }
  constexpr void Add(Activity one) { bits_ |= Of(one).bits_; }
  friend constexpr bool operator==(Activities, Activities) = default;

 private:
  uint32_t bits_ = 0;
};

// The activity that a code of EDI X12 852 (QS, QA, QR, QO, QP, QT), a word of formats/edi.h (SALE, RETURN, RECEIPT) or
// the name itself ("ON_HAND") stands for.
std::optional<Activity> ActivityOfCode(std::string_view code);

// The activity in which a row's document and line identify it: what was adjusted is numbered with what was sold, since
// both become facts of one kind, so that a line that is corrected from one to the other stays one line.
constexpr Activity KeyActivityOf(Activity activity) {
  return activity == Activity::kAdjusted ? Activity::kSellThrough : activity;
}

// When in a day stock was looked at. The numbers are stored and are those of the wire.
enum class Boundary : int { kBeforeOpening = 1, kAfterClosing = 2 };
std::string_view NameOf(Boundary boundary);
std::optional<Boundary> BoundaryFromName(std::string_view name);

}  // namespace tributary::inventory
