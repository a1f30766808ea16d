/// Two outputs of a filter of two elements with three products instead of four:
///
///     y₀ = (d₀ − d₁) g₀ + d₁ (g₀ + g₁)
///     y₁ = d₁ (g₀ + g₁) − (d₁ − d₂) g₁
///
/// (Winograd, "Arithmetic Complexity of Computations", 1980). The sum of y · ȳ is linear in d, g
/// and ȳ alike, so the gradient of the filter is made of the same products.
enum WinogradTwo {
    @inline(__always)
    static func image<T>(_ d: Three<T>) -> Three<T> { Three(d.a - d.b, d.b, d.b - d.c) }

    @inline(__always)
    static func filter<T>(_ g: Two<T>) -> Three<T> { Three(g.a, g.a + g.b, g.b) }

    @inline(__always)
    static func output<T>(_ m: Three<T>) -> Two<T> { Two(m.a + m.b, m.b - m.c) }

    /// The transpose of `output`, except for the sign of the last.
    @inline(__always)
    static func cotangent<T>(_ y: Two<T>) -> Three<T> { Three(y.a, y.a + y.b, y.b) }

    /// The transpose of `filter`, with the sign that `cotangent` omitted.
    @inline(__always)
    static func filterGradient<T>(_ u: Three<T>) -> Two<T> { Two(u.a + u.b, u.b - u.c) }
}

/// Two outputs of a filter of three elements with four products instead of six:
///
///     y₀ = (d₀ − d₂) g₀ + (d₁ + d₂) (g₀ + g₁ + g₂) / 2 + (d₂ − d₁) (g₀ − g₁ + g₂) / 2
///     y₁ = (d₁ + d₂) (g₀ + g₁ + g₂) / 2 − (d₂ − d₁) (g₀ − g₁ + g₂) / 2 − (d₁ − d₃) g₂
///
/// (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
enum WinogradThree {
    @inline(__always)
    static func image<T>(_ d: Four<T>) -> Four<T> {
        Four(d.a - d.c, d.b + d.c, d.c - d.b, d.b - d.d)
    }

    @inline(__always)
    static func filter<T>(_ g: Three<T>) -> Four<T> {
        let ends = g.a + g.c
        return Four(g.a, (ends + g.b).half, (ends - g.b).half, g.c)
    }

    @inline(__always)
    static func output<T>(_ m: Four<T>) -> Two<T> {
        Two(m.a + m.b + m.c, m.b - m.c - m.d)
    }

    /// The transpose of `output`, except for the sign of the last.
    @inline(__always)
    static func cotangent<T>(_ y: Two<T>) -> Four<T> { Four(y.a, y.a + y.b, y.a - y.b, y.b) }

    /// The transpose of `filter`, with the sign that `cotangent` omitted.
    @inline(__always)
    static func filterGradient<T>(_ u: Four<T>) -> Three<T> {
        let ends = (u.b + u.c).half
        return Three(u.a + ends, (u.b - u.c).half, ends - u.d)
    }
}
