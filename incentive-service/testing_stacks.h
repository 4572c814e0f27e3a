#pragma once

// For tests: programs and plans by a few words, and a world in which plans are made and closed.

#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/verify/verify.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/stacking_plan.pb.h"

namespace tributary::incentive {

inline constexpr char kPlans[] = "tributary.incentive.v1.StackingPlanService/";

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// By ship date and quarter, in CNY, from 2024Q2 on.
inline v1::Program ProgramOf(const std::string& more) {
  auto program = Parse<v1::Program>(R"pb(
    display_name: "P"
    basis: SELL_IN
    period: QUARTER
    currency: "CNY"
    effective_from { year: 2024 month: 4 day: 1 }
  )pb");
  program.MergeFrom(Parse<v1::Program>(more));
  return program;
}
inline v1::Program Flat(const std::string& rate, const std::string& more = "") {
  return ProgramOf("shape: FLAT tiers { from_amount { value: '0' } rate { value: '" + rate + "' } } " + more);
}
inline v1::StackingPlan PlanOf(const std::string& rules) {
  return Parse<v1::StackingPlan>("display_name: 'Stack 叠加' effective_from { year: 2024 month: 4 day: 1 } " + rules);
}

inline inventory::v1::ShipmentLine Line(const std::string& document, const char* ship_date, const char* units,
                                        int64_t amount, const char* product = "products/351") {
  inventory::v1::ShipmentLine line = LineOf("p2", document, 1, ship_date, ship_date, amount, 0, "CNY");
  line.mutable_quantity()->set_value(units);
  line.set_product(product);
  return line;
}

// A world in which plans are made and closed.
class Stacks {
 public:
  explicit Stacks(World& world) : world_(world) {}

  absl::StatusOr<v1::StackingPlan> Create(const std::string& id, const v1::StackingPlan& plan) {
    v1::CreateStackingPlanRequest request;
    request.set_stacking_plan_id(id);
    *request.mutable_stacking_plan() = plan;
    return Call<v1::StackingPlan>("CreateStackingPlan", request);
  }
  absl::StatusOr<v1::LintStackingPlanResponse> Lint(const std::string& id) {
    return Named<v1::LintStackingPlanRequest, v1::LintStackingPlanResponse>("LintStackingPlan", id);
  }
  absl::StatusOr<v1::StackingPlan> Activate(const std::string& id) {
    return Named<v1::ActivateStackingPlanRequest, v1::StackingPlan>("ActivateStackingPlan", id);
  }
  absl::StatusOr<v1::StackingPlan> End(const std::string& id) {
    return Named<v1::EndStackingPlanRequest, v1::StackingPlan>("EndStackingPlan", id);
  }
  absl::StatusOr<v1::StateTrueUpsResponse> StateTrueUps(const std::string& id) {
    return Named<v1::StateStackedTrueUpsRequest, v1::StateTrueUpsResponse>("StateStackedTrueUps", id);
  }
  absl::StatusOr<v1::CloseStackedPeriodResponse> Close(const std::string& id, const std::string& period) {
    v1::CloseStackedPeriodRequest request;
    request.set_name("stackingPlans/" + id);
    request.set_period(period);
    request.set_request_id(NewRequestId());
    ASSIGN_OR_RETURN(const auto operation, Call<google::longrunning::Operation>("CloseStackedPeriod", request));
    return AnswerOf<v1::CloseStackedPeriodResponse>(operation);
  }
  void CreateActive(const std::string& id, const v1::StackingPlan& plan) {
    EXPECT_OK(Create(id, plan));
    EXPECT_OK(Activate(id));
  }
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Call(const std::string& method, const Request& request) {
    return world_.finance().Call<Reply>(kPlans + method, request);
  }

 private:
  template <typename Request, typename Reply>
  absl::StatusOr<Reply> Named(const std::string& method, const std::string& id) {
    Request request;
    request.set_name("stackingPlans/" + id);
    return Call<Reply>(method, request);
  }

  World& world_;
};

// "a 3439.49, b 1960.51": what the entries of one kind pay, less what was stated.
inline std::string Amounts(const v1::Statement& statement, v1::StatementEntry::Kind kind = v1::StatementEntry::EARNED) {
  std::string text;
  for (const v1::StatementEntry& entry : statement.entries()) {
    if (entry.kind() != kind) continue;
    char amount[64];
    std::snprintf(amount, sizeof amount, "%s%s %s%lld.%02d", text.empty() ? "" : ", ",
                  entry.program().substr(9).c_str(),
                  entry.amount().nanos() < 0 && entry.amount().units() == 0 ? "-" : "",
                  static_cast<long long>(entry.amount().units()), std::abs(entry.amount().nanos()) / 10000000);
    text += amount;
  }
  return text;
}

inline int64_t Minor(const google::type::Money& money) { return money.units() * 100 + money.nanos() / 10000000; }

class StackTest : public WorldTest {
 protected:
  // Tells lines and keeps them for the verifier.
  void Tell(const std::vector<inventory::v1::ShipmentLine>& lines) {
    feed_.Tell(lines);
    world_.CatchUp();
    for (const inventory::v1::ShipmentLine& line : lines) facts_[line.name()] = line;
  }
  cli::FactLookup Facts() {
    return [this](const std::string& name) {
      const auto found = facts_.find(name);
      return found == facts_.end() ? std::nullopt : std::optional<inventory::v1::ShipmentLine>(found->second);
    };
  }
  void ExpectVerified() {
    for (const v1::Statement& statement : world_.Statements(world_.finance())) {
      EXPECT_THAT(cli::VerifyStatement(statement, world_.Lines(statement.name()), Facts()), ::testing::IsEmpty())
          << statement.name();
    }
  }
  v1::Accrual Accrual(const std::string& program, const std::string& period = "2024Q2") {
    const auto accrual = world_.GetAccrual("partners/p2/accruals/" + program + "." + period);
    EXPECT_OK(accrual);
    return accrual.value_or(v1::Accrual());
  }

  Stacks stacks_{world_};
  std::map<std::string, inventory::v1::ShipmentLine> facts_;
};

}  // namespace tributary::incentive
