#include <iostream>

#include "cli/commands/commands.h"
#include "cli/verifier.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::cli {

void AddVerify(CLI::App& app, Context& context) {
  CLI::App* verify = app.add_subcommand(
      "verify", "Recompute every statement from its explanation, its lines and the facts that they name");
  auto filter = std::make_shared<std::string>();
  verify->add_option("--filter", *filter, "Statements to verify, such as 'period = \"2013Q4\"'");
  verify->callback([&context, filter] {
    context.chosen = [&context, filter]() -> absl::Status {
      ASSIGN_OR_RETURN(std::unique_ptr<Suite> suite, Suite::Open(context.suite));
      absl::Time told = absl::Now();
      ASSIGN_OR_RETURN(VerifyReport report, VerifyAll(*suite, *filter, [&](int64_t done) {
                         if (absl::Now() - told < absl::Seconds(2)) return;
                         told = absl::Now();
                         std::cerr << "  " << done << " statements\n";
                       }));
      for (const std::string& difference : report.differences) std::cout << difference << "\n";
      std::cerr << report.verified << " of " << report.statements << " statements verified\n";
      return report.differences.empty() ? absl::OkStatus()
                                        : absl::DataLossError(StrCat(report.differences.size(), " differences"));
    };
  });
}

}  // namespace tributary::cli
