#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>

namespace plimsoll::http {

/// The addresses of a host; the error is Beast's `timeout` where there are none by `end`. The
/// system's resolver cannot be stopped: what it finds after that is dropped.
[[nodiscard]] boost::asio::awaitable<
    boost::system::result<std::vector<boost::asio::ip::tcp::endpoint>>>
look_up(boost::asio::any_io_executor executor, std::string host, std::string port,
        std::chrono::steady_clock::time_point end);

}  // namespace plimsoll::http
