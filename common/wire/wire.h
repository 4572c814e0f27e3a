#pragma once

// Values of ours and the well-known messages that carry them: instants, business dates, decimals, money. What comes
// from outside has been validated by the frame (rpc/validation.h); these still answer INVALID_FIELD (without a field
// name) rather than guess.

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/money/decimal.h"
#include "common/money/money.h"
#include "common/time/date.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/decimal.pb.h"
#include "google/type/money.pb.h"

namespace tributary::wire {

google::protobuf::Timestamp ToProto(absl::Time time);
absl::Time FromProto(const google::protobuf::Timestamp& time);

google::type::Date ToProto(Date date);
absl::StatusOr<Date> FromProto(const google::type::Date& date);

google::type::Decimal ToProto(Decimal value);
absl::StatusOr<Decimal> FromProto(const google::type::Decimal& value);

// `amount` lies within int64 units, as every amount that came by the wire does; beyond, it is cut to that.
google::type::Money ToProto(const Money& amount);
// The currency is taken as it is. INVALID_FIELD: nanos out of range, of another sign than units, or finer than
// millionths.
absl::StatusOr<Money> FromProto(const google::type::Money& amount);

}  // namespace tributary::wire
