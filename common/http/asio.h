#pragma once

// Boost.Asio and Beast, only ever included by way of this page: Asio 1.74 under C++20 uses std::exchange without the
// header that declares it.

#include <utility>

// clang-format off
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
// clang-format on
