#include "cli/verify/verify.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cli/verify/arithmetic.h"
#include "cli/verify/differences.h"
#include "cli/verify/entry_verifier.h"
#include "cli/verify/period_span.h"
#include "cli/verify/stacked.h"

namespace tributary::cli {
namespace {

using incentive::v1::Program;
using incentive::v1::Statement;
using incentive::v1::StatementEntry;
using incentive::v1::StatementLine;
using verify::Billionths;
using verify::Integer;
using verify::Text;

// A statement: its period, its entries and adjustments, its total.
class Verifier {
 public:
  Verifier(const Statement& statement, absl::Span<const StatementLine> lines, const FactLookup& facts)
      : statement_(statement), lines_(lines), facts_(facts) {}

  std::vector<std::string> Run() && {
    const std::string prefix = "partners/";
    const std::string& name = statement_.name();
    const size_t slash = name.find('/', prefix.size());
    differences_.Want(name.rfind(prefix, 0) == 0 && slash != std::string::npos, "name", name,
                      "partners/{partner}/statements/{statement}");
    differences_.Want(statement_.state() != Statement::STATE_UNSPECIFIED && statement_.state() != Statement::DRAFT,
                      "state", Statement::State_Name(statement_.state()), "ISSUED or later");
    const std::string partner = name.substr(0, std::min(slash, name.size()));
    Period();
    const auto before = [](const StatementLine& a, const StatementLine& b) {
      return EntryVerifier::PositionOf(a) < EntryVerifier::PositionOf(b);
    };
    const std::map<int, verify::StackedWork> stacks =
        verify::WorkOutStacks(statement_, lines_, before, [this](int entry, const std::string& what) {
          differences_.Differ("entry " + std::to_string(entry + 1) + ": " + what);
        });
    Integer total = 0;
    size_t next = 0;
    for (int i = 0; i < statement_.entries_size(); ++i) {
      const StatementEntry& entry = statement_.entries(i);
      differences_.SetPrefix("");
      differences_.Want(entry.ordinal() == i + 1, "entries[" + std::to_string(i) + "].ordinal",
                        std::to_string(entry.ordinal()), std::to_string(i + 1));
      const size_t first = next;
      while (next < lines_.size() && lines_[next].entry() == entry.ordinal()) ++next;
      if (statement_.entries_size() > 1) differences_.SetPrefix("entry " + std::to_string(i + 1) + ": ");
      const auto stack = stacks.find(i);
      const std::optional<Integer> amount =
          EntryVerifier(partner, statement_, entry, lines_.subspan(first, next - first), facts_,
                        stack == stacks.end() ? nullptr : &stack->second, &differences_)
              .Run();
      total += amount.value_or(Billionths(entry.amount()).value_or(0));
    }
    differences_.SetPrefix("");
    for (int i = 0; i < statement_.adjustments_size(); ++i) {
      total += Adjustment(partner, statement_.entries_size() + i + 1, statement_.adjustments(i));
    }
    if (next < lines_.size()) differences_.Differ(lines_[next].fact() + ": a line of no entry");
    differences_.Want(statement_.line_count() == static_cast<int64_t>(lines_.size()), "line_count",
                      std::to_string(statement_.line_count()), std::to_string(lines_.size()));
    const std::optional<Integer> stated = Billionths(statement_.total());
    differences_.Want(stated == total, "total", stated.has_value() ? Text(*stated) : "no amount", Text(total));
    return std::move(differences_).Take();
  }

 private:
  // Which days its period has: by its id, or, where an entry is of a fiscal calendar, as stated.
  std::optional<Span> StatedSpan() const {
    const bool fiscal = std::any_of(statement_.entries().begin(), statement_.entries().end(),
                                    [](const auto& entry) { return !entry.terms().fiscal_calendar().empty(); });
    if (fiscal) {
      Span span{Text(statement_.period_start()), Text(statement_.period_end())};
      return statement_.period().empty() || span.end <= span.start ? std::nullopt : std::optional<Span>(span);
    }
    const size_t length = statement_.period().size();
    return SpanOf(statement_.period(), length == 4 ? Program::YEAR : length == 6 ? Program::QUARTER : Program::MONTH);
  }

  void Period() {
    const std::optional<Span> span = StatedSpan();
    const std::string start = Text(statement_.period_start()), end = Text(statement_.period_end());
    if (!span.has_value()) return differences_.Differ("period: stated " + statement_.period() + ", want a period");
    differences_.Want(start == span->start, "period_start", start, span->start);
    differences_.Want(end == span->end, "period_end", end, span->end);
    const bool earned = std::any_of(statement_.entries().begin(), statement_.entries().end(),
                                    [](const StatementEntry& entry) { return entry.kind() == StatementEntry::EARNED; });
    differences_.Want(statement_.kind() == Statement::REGULAR || !earned, "kind",
                      Statement::Kind_Name(statement_.kind()), "REGULAR");
  }

  // What people added by hand rests on what they wrote: its place and currency can be looked at. Its amount, in
  // billionths.
  Integer Adjustment(const std::string& partner, int ordinal, const incentive::v1::StatementAdjustment& adjustment) {
    const std::string what = "adjustment " + std::to_string(ordinal) + ": ";
    const std::string& currency = statement_.total().currency_code();
    differences_.Want(adjustment.ordinal() == ordinal, what + "ordinal", std::to_string(adjustment.ordinal()),
                      std::to_string(ordinal));
    differences_.Want(adjustment.adjustment().rfind(partner + "/adjustments/", 0) == 0, what + "adjustment",
                      adjustment.adjustment(), "one of " + partner);
    differences_.Want(adjustment.amount().currency_code() == currency, what + "currency",
                      adjustment.amount().currency_code(), currency);
    const Integer amount = Billionths(adjustment.amount()).value_or(0);
    differences_.Want(amount != 0, what + "amount", Text(amount), "more or less than 0");
    return amount;
  }

  const Statement& statement_;
  const absl::Span<const StatementLine> lines_;
  const FactLookup& facts_;
  Differences differences_;
};

}  // namespace

std::vector<std::string> VerifyStatement(const Statement& statement, absl::Span<const StatementLine> lines,
                                         const FactLookup& facts) {
  return Verifier(statement, lines, facts).Run();
}

}  // namespace tributary::cli
