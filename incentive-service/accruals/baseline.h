#pragma once

// What the growth of a period is measured against: the lines of its reference period, counted by the program's own
// filters, as far as they had been told when the baseline was frozen (SEMANTICS 6): what is told later, be it a line or
// a reversal, does not move it.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "incentive-service/accruals/counting.h"
#include "incentive-service/accruals/earners.h"
#include "incentive-service/engine/growth.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

// The reference period of a period of the scale; nullopt where growth is not measured, or against fixed baselines.
std::optional<Period> ReferenceOf(const Program& program, const Period& scale);

// The periods of the scale whose reference period has the date.
std::vector<Period> MeasuredAgainst(const Program& program, Date date);

// The baseline that was agreed with a partner.
std::optional<Decimal> AgreedWith(const Program& program, std::string_view partner);

// The program on the days of its reference periods too.
Program WithReferences(const Program& program);

// Of one partner and a period of the scale, whose reference came to `amount`, with what those came to that it took
// over. The program measures growth.
Baseline BaselineOf(const Program& program, const Period& scale, const std::string& partner, Decimal amount,
                    const Earners& earners = {});

// Of one period of the scale, of every partner, also of those without a line in the reference period; and who earns by
// whose lines in it.
class Baselines {
 public:
  // Of a program that measures no growth and does not roll up.
  Baselines() = default;
  // `lines`: those of the reference period, in any order, with who earns by them; `frozen`: what had been told then,
  // nullptr: nothing is frozen yet; `earners`: of the period itself.
  Baselines(const Program& program, const Period& scale, absl::Span<const FactLine> lines, const Watermark* frozen,
            Earners earners = {});

  // nullopt of a program that measures no growth.
  std::optional<Baseline> Of(const std::string& partner) const;
  const Earners& earners() const { return earners_; }

 private:
  std::optional<Program> program_;  // that measures growth
  Period scale_;
  Earners earners_;
  std::map<std::string, Decimal> amounts_;  // by who earns by them
};

}  // namespace tributary::incentive
