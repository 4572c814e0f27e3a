// Laws that hold for any numbers, tried on many from a fixed seed.

#include <numeric>
#include <random>

#include "common/money/money.h"
#include "common/money/rational.h"
#include "common/status/status_matchers.h"

namespace tributary {
namespace {

constexpr Rounding kRoundings[] = {Rounding::kHalfEven, Rounding::kHalfUp, Rounding::kDown,
                                   Rounding::kUp,       Rounding::kFloor,  Rounding::kCeiling};

class Numbers {
 public:
  explicit Numbers(uint64_t seed) : random_(seed) {}

  int64_t Between(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random_); }
  // Of any size up to 10^18 micros, small ones as likely as large ones.
  Decimal AnyDecimal() {
    int64_t most = 1;
    for (int64_t digits = Between(0, 18); digits > 0; --digits) most *= 10;
    return Decimal::FromMicros(Between(-most, most));
  }
  Rational AnyRational() { return Rational(Between(-1000000, 1000000), Between(1, 1000)); }

 private:
  std::mt19937_64 random_;
};

TEST(MoneyProperty, DecimalsPrintAndParseBack) {
  Numbers numbers(1);
  for (int i = 0; i < 20000; ++i) {
    const Decimal a = numbers.AnyDecimal();
    ASSERT_THAT(Decimal::Parse(a.ToString()), IsOkAndHolds(a));
    ASSERT_THAT(Decimal::Parse(a.ToFixed(6)), IsOkAndHolds(a));
    const std::string text = a.ToString();
    const size_t point = text.find('.');
    ASSERT_EQ(a.scale(), point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1));
    ASSERT_EQ(Rational(a), *Rational::Parse(Rational(a).ToString()));
  }
}

TEST(MoneyProperty, AdditionIsAssociativeAndCommutative) {
  Numbers numbers(2);
  for (int i = 0; i < 20000; ++i) {
    const Decimal a = numbers.AnyDecimal(), b = numbers.AnyDecimal(), c = numbers.AnyDecimal();
    ASSERT_EQ((a + b) + c, a + (b + c));
    ASSERT_EQ(a + b, b + a);
    ASSERT_EQ(a + b - b, a);
    ASSERT_EQ(Rational(a) + Rational(b), Rational(a + b));
    ASSERT_EQ(a <=> b, Rational(a) <=> Rational(b));
  }
}

TEST(MoneyProperty, RationalsAreAField) {
  Numbers numbers(3);
  for (int i = 0; i < 5000; ++i) {
    const Rational a = numbers.AnyRational(), b = numbers.AnyRational(), c = numbers.AnyRational();
    ASSERT_EQ((a + b) + c, a + (b + c));
    ASSERT_EQ((a * b) * c, a * (b * c));
    ASSERT_EQ(a * (b + c), a * b + a * c);
    ASSERT_EQ(a - b, -(b - a));
    if (!b.zero()) {
      ASSERT_EQ(a / b * b, a);
    }
    ASSERT_EQ(a<b, (b - a)> Rational());
    ASSERT_EQ(boost::multiprecision::gcd(a.num(), a.den()), a.zero() ? a.den() : Rational::Integer(1));
    ASSERT_GT(a.den(), 0);
  }
}

// Every integer near the value is tried; the mode says which is right.
int64_t RoundByTrying(const Rational& value, Rounding rounding) {
  const auto distance = [&](int64_t n) {
    const Rational d = value - Rational::FromInt(n);
    return d.negative() ? -d : d;
  };
  const int64_t near = value.num().convert_to<int64_t>() / value.den().convert_to<int64_t>();
  std::vector<int64_t> fits;
  for (int64_t n = near - 2; n <= near + 2; ++n) {
    const Rational candidate = Rational::FromInt(n);
    const bool within = distance(n) < Rational::FromInt(1);
    const bool toward_zero = value.negative() ? candidate >= value && n <= 0 : candidate <= value && n >= 0;
    const bool away = value.negative() ? candidate <= value : candidate >= value;
    switch (rounding) {
      case Rounding::kHalfEven:
        if (distance(n) < Rational(1, 2) || (distance(n) == Rational(1, 2) && n % 2 == 0)) fits.push_back(n);
        break;
      case Rounding::kHalfUp:
        if (distance(n) < Rational(1, 2) || (distance(n) == Rational(1, 2) && away)) fits.push_back(n);
        break;
      case Rounding::kDown:
        if (within && toward_zero) fits.push_back(n);
        break;
      case Rounding::kUp:
        if (within && away) fits.push_back(n);
        break;
      case Rounding::kFloor:
        if (within && candidate <= value) fits.push_back(n);
        break;
      case Rounding::kCeiling:
        if (within && candidate >= value) fits.push_back(n);
        break;
    }
  }
  EXPECT_EQ(fits.size(), 1u) << value.ToString();
  return fits.empty() ? 0 : fits[0];
}

TEST(MoneyProperty, RoundingAgreesWithTryingEveryNeighbor) {
  Numbers numbers(4);
  for (int i = 0; i < 5000; ++i) {
    // Small denominators, so that halves are common.
    const Rational value(numbers.Between(-200, 200), numbers.Between(1, 12));
    for (Rounding rounding : kRoundings) {
      ASSERT_EQ(value.RoundScaled(0, rounding), RoundByTrying(value, rounding)) << value.ToString();
      const Rational scaled = value * Rational::FromInt(100);
      ASSERT_EQ(value.RoundScaled(2, rounding), RoundByTrying(scaled, rounding)) << value.ToString();
    }
  }
}

TEST(MoneyProperty, DecimalsAndRationalsRoundAlike) {
  Numbers numbers(5);
  for (int i = 0; i < 20000; ++i) {
    const Decimal a = i % 2 == 0 ? numbers.AnyDecimal() : Decimal::FromMicros(numbers.Between(-3000, 3000) * 500);
    for (Rounding rounding : kRoundings) {
      for (int decimals : {0, 2, 3, 6}) {
        const Rational::Integer rounded = Rational(a).RoundScaled(decimals, rounding);
        Rational::Integer power = 1;
        for (int d = 0; d < decimals; ++d) power *= 10;
        ASSERT_EQ(Rational(*Decimal::Parse(a.ToFixed(decimals, rounding))), Rational(rounded, power)) << a.ToString();
      }
    }
  }
}

TEST(MoneyProperty, MinorUnitsPrintAndComeBack) {
  Numbers numbers(6);
  for (int i = 0; i < 20000; ++i) {
    const int64_t minor = numbers.Between(-1000000000000, 1000000000000);
    for (const char* currency : {"JPY", "USD", "KWD", "CLF"}) {
      const Decimal amount = *FromMinorUnits(minor, currency);
      ASSERT_THAT(Decimal::Parse(FormatMinorUnits(minor, currency)), IsOkAndHolds(amount));
      ASSERT_THAT(ToMinorUnits(Rational(amount), currency, kRoundings[i % 6]), IsOkAndHolds(minor));
    }
  }
}

TEST(MoneyProperty, AllocationSumsExactlyAndStaysWithinOneUnit) {
  Numbers numbers(7);
  for (int i = 0; i < 20000; ++i) {
    const bool mixed = i % 3 == 0;
    std::vector<Decimal> weights(static_cast<size_t>(numbers.Between(1, 12)));
    for (Decimal& weight : weights) weight = Decimal::FromMicros(numbers.Between(mixed ? -1000000 : 0, 5000000));
    const int64_t total = numbers.Between(-1000000, 1000000);
    const std::vector<int64_t> parts = AllocateLargestRemainder(total, weights);
    ASSERT_EQ(parts.size(), weights.size());
    ASSERT_EQ(std::accumulate(parts.begin(), parts.end(), int64_t{0}), total);

    Decimal sum;
    for (Decimal weight : weights) sum += weight;
    if (sum.zero()) continue;
    std::vector<int64_t> reversed = AllocateLargestRemainder(-total, weights);
    for (size_t k = 0; k < parts.size(); ++k) {
      const Rational exact = Rational::FromInt(total) * Rational(weights[k]) / Rational(sum);
      const Rational off = exact - Rational::FromInt(parts[k]);
      ASSERT_LT(off.negative() ? -off : off, Rational::FromInt(1));
      ASSERT_EQ(reversed[k], -parts[k]);
    }
    // No unit lies with a smaller remainder while a larger one went without.
    for (size_t a = 0; a < parts.size(); ++a) {
      for (size_t b = 0; b < parts.size(); ++b) {
        const Rational scale = Rational::FromInt(total < 0 ? -total : total) / Rational(sum);
        const auto up = [&](size_t k) {
          return Rational::FromInt(total < 0 ? -parts[k] : parts[k]) > scale * Rational(weights[k]);
        };
        const auto remainder = [&](size_t k) {
          const Rational exact = scale * Rational(weights[k]);
          return exact - Rational(exact.RoundScaled(0, Rounding::kFloor), 1);
        };
        if (up(a) && !up(b)) {
          ASSERT_GE(remainder(a), remainder(b));
        }
      }
    }
  }
}

}  // namespace
}  // namespace tributary
