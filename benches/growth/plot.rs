//! One picture a series: processor time a KiB above, peak memory below.

use plotters::prelude::*;

use super::{Cost, Points};

const WIDTH: u32 = 720;
const HEIGHT: u32 = 560;
const COLOURS: [RGBColor; 2] = [BLUE, RED];

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The SVG text of the curves; axes begin at zero, but for x, which grows by factors where the
/// points do.
pub fn picture(name: &str, what: &str, curves: &[(&str, Points)]) -> Result<String, Failed> {
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, (WIDTH, HEIGHT)).into_drawing_area();
        root.fill(&WHITE).map_err(failed)?;
        let (above, below) = root.split_vertically(HEIGHT / 2);
        half(&above, &format!("{name}: processor time"), (what, "ns a KiB"), curves, Cost::nanos_a_kib)?;
        half(&below, &format!("{name}: peak memory"), (what, "MiB"), curves, Cost::peak_mib)?;
        root.present().map_err(failed)?;
    }
    Ok(text)
}

fn failed(error: impl std::fmt::Display) -> Failed {
    error.to_string().into()
}

fn half(
    area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
    title: &str,
    (x_name, y_name): (&str, &str),
    curves: &[(&str, Points)],
    y: fn(&Cost) -> f64,
) -> Result<(), Failed> {
    let all = || curves.iter().flat_map(|(_, points)| points.iter());
    let least = all().map(|(x, _)| *x).fold(f64::INFINITY, f64::min);
    let most = all().map(|(x, _)| *x).fold(f64::NEG_INFINITY, f64::max);
    let top = all().map(|(_, cost)| y(cost)).fold(0.0, f64::max) * 1.1;
    // what starts at nothing can't be drawn by factors: its zero stands at a half
    let floor = if least == 0.0 { 0.5 } else { least };
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 16))
        .margin(8)
        .x_label_area_size(36)
        .y_label_area_size(64)
        .build_cartesian_2d((floor..most.max(floor * 2.0)).log_scale(), 0.0..top.max(1e-9))
        .map_err(failed)?;
    chart
        .configure_mesh()
        .x_desc(x_name)
        .y_desc(y_name)
        .x_label_formatter(&|x| if least == 0.0 && *x <= 0.5 { "0".to_owned() } else { format!("{x}") })
        .draw()
        .map_err(failed)?;
    for ((name, points), colour) in curves.iter().zip(COLOURS) {
        let places = || points.iter().map(|(x, cost)| (x.max(floor), y(cost)));
        chart
            .draw_series(LineSeries::new(places(), colour))
            .map_err(failed)?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour));
        chart.draw_series(places().map(|place| Circle::new(place, 3, colour.filled()))).map_err(failed)?;
    }
    chart.configure_series_labels().border_style(BLACK).background_style(WHITE).draw().map_err(failed)?;
    Ok(())
}
