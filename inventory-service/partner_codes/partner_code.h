#pragma once

// What partners call our products, customers and their own sites: values and decisions.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/ids/uuid.h"
#include "common/time/date.h"

namespace tributary::inventory {

// The numbers are stored and are those of the wire.
enum class CodeKind { kProduct = 1, kCustomer = 2, kSite = 3 };

std::string_view NameOf(CodeKind kind);

struct PartnerCode {
  std::string partner;  // id
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  CodeKind kind = CodeKind::kProduct;
  std::string code;    // as the partner writes it
  std::string target;  // our resource's name
  DateRange effective;

  std::string name() const { return "partners/" + partner + "/codes/" + id; }
};

// What must hold of a code by itself: INVALID_FIELD with all that does not, of code, target and effective_to.
absl::Status CheckForm(const PartnerCode& code);

// The last segment of the target: the product, customer or site.
std::string_view TargetId(const PartnerCode& code);

// VALIDITY_OVERLAP where one of `others`, which have the same partner, kind and code, stands on a day of `wanted`. One
// with the same id is not looked at.
absl::Status CheckFree(const PartnerCode& wanted, absl::Span<const PartnerCode> others);

// What a partner's codes of one kind stand for, day by day.
class CodeTable {
 public:
  void Add(std::string_view code, DateRange effective, std::string target);
  // The resource's name; null where the code stands for nothing on that day. Valid while the table lives.
  const std::string* Find(std::string_view code, Date date) const;
  bool empty() const { return by_code_.empty(); }

 private:
  struct Meaning {
    DateRange effective;
    std::string target;
  };
  std::map<std::string, std::vector<Meaning>, std::less<>> by_code_;
};

}  // namespace tributary::inventory
