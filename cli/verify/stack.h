#pragma once

// A stacking plan, worked out again by the verifier from the lines: what each program is net of, which lines it lost,
// what caps left it, the rounding and each line's share. Amounts are in billionths, money that is paid in the
// currency's smallest units.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/verify/fraction.h"
#include "cli/verify/scale.h"

namespace tributary::cli::verify {

struct StackedProgram {
  std::string name;
  ScaleTerms terms;
  RoundingRule rounding = RoundingRule::kHalfEven;
};

struct PlanEdge {
  std::string program;
  std::string upstream;
  bool both = false;  // Q is lowered too
};

struct PlanGroup {
  std::string name;
  bool by_line = false;                    // else by the whole period
  std::map<std::string, int64_t> members;  // priority by program
};

struct PlanCap {
  std::string name;
  std::vector<std::string> members;
  std::optional<Integer> amount;  // one of the two
  std::optional<Integer> rate;
};

// What a line brings to a program.
struct Brought {
  Integer qualifying = 0;
  Integer earning = 0;
  Integer qualifying_units = 0;
  Integer earning_units = 0;
  Fraction converted = {};  // money of another currency by the rate of its day, in whole units: beside both amounts

  Fraction reaches() const { return Plus(Whole(qualifying), converted); }
  Fraction is_paid_on() const { return Plus(Whole(earning), converted); }
};

struct PlanLine {
  std::string fact;
  std::string unit;                        // of which sale it is the return; "": none
  std::map<std::string, Brought> brought;  // by program

  // The largest amount, by size, that one of the programs is paid on.
  Fraction LargestOf(const std::vector<std::string>& programs) const;
};

// Lines in the order of the statement; equal remainders go to the earlier.
struct PlanInput {
  std::string currency;
  std::vector<StackedProgram> programs;
  std::vector<PlanEdge> edges;
  std::vector<PlanGroup> groups;
  std::vector<PlanCap> caps;
  std::vector<PlanLine> lines;
};

// What a program pays, worked out; or as a statement claims it, the members that it states.
struct StackedResult {
  std::map<std::string, Integer> net_of;    // N, by upstream
  Fraction base;                            // B, in whole units
  Fraction own;                             // after its own floor and cap
  std::map<std::string, std::string> lost;  // the winner by unit; unit "": the whole period
  Fraction exact;                           // after groups and shared caps
  Integer minor = 0;                        // rounded
  std::vector<Integer> shares;              // by line
};

// By program; nullopt where the plan goes in circles or names programs that it has not.
std::optional<std::map<std::string, StackedResult>> WorkOutStack(const PlanInput& input);

// Every difference between what is claimed and what is worked out, in words; none: it is right.
std::vector<std::string> VerifyStack(const PlanInput& input, const std::map<std::string, StackedResult>& claimed);

}  // namespace tributary::cli::verify
