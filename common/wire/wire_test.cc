#include "common/wire/wire.h"

#include <limits>

#include "common/status/status_matchers.h"
#include "gtest/gtest.h"

namespace tributary::wire {
namespace {

TEST(WireTest, InstantsGoThereAndBackAlsoBefore1970) {
  for (const absl::Time time : {absl::UnixEpoch(), absl::FromUnixMicros(1), absl::FromUnixMicros(-1),
                                absl::FromUnixMicros(-1500000), absl::FromUnixMicros(4102444800123456)}) {
    const google::protobuf::Timestamp out = ToProto(time);
    EXPECT_GE(out.nanos(), 0) << time;
    EXPECT_LT(out.nanos(), 1000000000) << time;
    EXPECT_EQ(FromProto(out), time);
  }
}

TEST(WireTest, DatesGoThereAndBackAndHaveToBeReal) {
  const Date leap = *Date::Parse("2012-02-29");
  EXPECT_THAT(FromProto(ToProto(leap)), IsOkAndHolds(leap));
  google::type::Date none;
  EXPECT_THAT(FromProto(none), HasReason(Reason::kInvalidField));
  none.set_year(2013);
  none.set_month(2);
  none.set_day(29);
  EXPECT_THAT(FromProto(none), HasReason(Reason::kInvalidField));
}

TEST(WireTest, DecimalsKeepEveryDigit) {
  for (const char* text : {"0", "2024.994", "-0.000001", "99999999999999999999.999999"}) {
    EXPECT_EQ(ToProto(*Decimal::Parse(text)).value(), text);
    EXPECT_THAT(FromProto(ToProto(*Decimal::Parse(text))), IsOkAndHolds(*Decimal::Parse(text)));
  }
  google::type::Decimal bad;
  bad.set_value("1e3");
  EXPECT_THAT(FromProto(bad), HasReason(Reason::kInvalidField));
}

TEST(WireTest, MoneyKeepsSignAndMillionths) {
  struct Case {
    const char* amount;
    int64_t units;
    int32_t nanos;
  };
  for (const Case& c : {Case{"0", 0, 0}, Case{"0.000001", 0, 1000}, Case{"-0.5", 0, -500000000},
                        Case{"-1.75", -1, -750000000}, Case{"2868.51", 2868, 510000000},
                        Case{"9223372036854775807.999999", std::numeric_limits<int64_t>::max(), 999999000}}) {
    const Money money{.currency = "USD", .amount = *Decimal::Parse(c.amount)};
    const google::type::Money out = ToProto(money);
    EXPECT_EQ(out.units(), c.units) << c.amount;
    EXPECT_EQ(out.nanos(), c.nanos) << c.amount;
    EXPECT_THAT(FromProto(out), IsOkAndHolds(money)) << c.amount;
  }
}

TEST(WireTest, MalformedMoneyIsRefused) {
  struct Case {
    int64_t units;
    int32_t nanos;
  };
  for (const Case& c : {Case{1, -1000}, Case{-1, 1000}, Case{0, 1000000000}, Case{0, -1000000000}, Case{0, 1}}) {
    google::type::Money money;
    money.set_currency_code("USD");
    money.set_units(c.units);
    money.set_nanos(c.nanos);
    EXPECT_THAT(FromProto(money), HasReason(Reason::kInvalidField)) << c.units << " " << c.nanos;
  }
}

}  // namespace
}  // namespace tributary::wire
