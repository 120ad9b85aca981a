package io.millrace.embedded;

/**
 * A second way into the broker, for a proxy: clients that come by it are told to come to the proxy
 * again.
 *
 * @param port where the broker listens for the proxy
 * @param proxyPort where the proxy listens for clients
 */
record ProxyListener(int port, int proxyPort) {}
